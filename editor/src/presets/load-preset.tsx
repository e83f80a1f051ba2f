/** The presets of a node's tool, to take the params of one: what does not fit any more is said before it is taken. */
import type { GraphNode } from '@defect-studio/nodes'
import { Button, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePresets } from '../api/preset-queries.ts'
import { allItems } from '../api/queries.ts'
import type { Preset } from '../api/types.ts'
import { setParam } from '../graph-edits.ts'
import { useGraphStore } from '../graph-store.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { LeftOutParams } from './left-out-params.tsx'
import { paramValueText } from './param-value-text.ts'

export function LoadPreset({ node, onClose }: { node: GraphNode; onClose: () => void }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const [words, setWords] = useState('')
  const [settled] = useDebouncedValue(words, 200)
  const answer = usePresets({ words: settled, tool: node.type })
  const presets = allItems(answer.data)
  const edit = useGraphStore((state) => state.edit)
  const load = (preset: Preset) => {
    // One edit, so that one step back undoes all of it.
    edit((graph) =>
      Object.entries(preset.params).reduce(
        (next, [field, value]) => setParam(next, node.id, field, value as GraphNode['params'][string]),
        graph,
      ),
    )
    notifications.show({ message: t('presets.loaded', { name: preset.name }) })
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={t('presets.loadTitle', { tool: text.title(node.type) })} size="lg">
      <Stack gap="sm">
        <TextInput
          label={t('presets.search')}
          value={words}
          maxLength={100}
          onChange={(event) => setWords(event.currentTarget.value)}
          data-autofocus
        />
        <AsyncList
          answer={answer}
          isEmpty={presets.length === 0}
          empty={<Text c="dimmed">{t('presets.noneOfTool')}</Text>}
        >
          <Stack gap="xs">
            {presets.map((preset) => (
              <Paper key={preset.id} withBorder p="sm">
                <Group justify="space-between" wrap="nowrap" align="flex-start">
                  <div>
                    <Text fw={600}>{preset.name}</Text>
                    <Text size="xs" c="dimmed">
                      {preset.mine ? t('presets.yours') : preset.ownerNickname}
                      {' · '}
                      {t(`presets.visibilities.${preset.visibility}`)}
                    </Text>
                    {Object.entries(preset.params).map(([field, value]) => (
                      <Text key={field} size="xs">
                        {text.param(node.type, field, field)}: {paramValueText(value)}
                      </Text>
                    ))}
                    <LeftOutParams preset={preset} />
                  </div>
                  <Button
                    size="xs"
                    aria-label={t('presets.loadNamed', { name: preset.name })}
                    disabled={Object.keys(preset.params).length === 0}
                    onClick={() => load(preset)}
                  >
                    {t('presets.loadNow')}
                  </Button>
                </Group>
              </Paper>
            ))}
          </Stack>
          <MoreButton list={answer} />
        </AsyncList>
      </Stack>
    </Modal>
  )
}
