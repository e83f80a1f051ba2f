/** On a node: keep its params as a preset, or take those of one. */
import { presetFields, findDefinition, type GraphNode } from '@defect-studio/nodes'
import { Button, Group } from '@mantine/core'
import { IconDeviceFloppy, IconFolderOpen } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LoadPreset } from './load-preset.tsx'
import { SavePreset } from './save-preset.tsx'

export function PresetButtons({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'save' | 'load' | null>(null)
  const definition = findDefinition(node.type)
  if (!definition || presetFields(definition).length === 0) return null
  const close = () => setOpen(null)
  return (
    <Group gap="xs" my="xs">
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconDeviceFloppy size={16} />}
        onClick={() => setOpen('save')}
      >
        {t('presets.save')}
      </Button>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconFolderOpen size={16} />}
        onClick={() => setOpen('load')}
      >
        {t('presets.load')}
      </Button>
      {open === 'save' && <SavePreset node={node} definition={definition} onClose={close} />}
      {open === 'load' && <LoadPreset node={node} onClose={close} />}
    </Group>
  )
}
