/** One preset in the list: what it holds, who reads it, and what can be done with it. */
import { ActionIcon, Badge, Group, Menu, Table, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconDots } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import type { Preset } from '../api/types.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { useFormat } from '../i18n/use-format.ts'
import { showError } from '../shell/show-error.ts'
import { EditPreset } from './edit-preset.tsx'
import { exportPresets } from './export-presets.ts'
import { LeftOutParams } from './left-out-params.tsx'
import { paramValueText } from './param-value-text.ts'

export function PresetRow({ preset }: { preset: Preset }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const { date } = useFormat()
  const client = useQueryClient()
  const [isEditing, setIsEditing] = useState(false)
  const act = useMutation({
    mutationFn: (ask: () => Promise<unknown>) => ask(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['presets'] }),
    onError: showError,
  })
  const params = { path: { id: preset.id } }
  const copy = () => {
    const name = t('presets.copyOf', { name: preset.name }).slice(0, 100)
    act.mutate(() => answer(api.POST('/api/v1/presets/{id}/duplicate', { params, body: { name } })))
  }
  const remove = () =>
    modals.openConfirmModal({
      title: t('presets.deleteTitle', { name: preset.name }),
      children: <Text size="sm">{t('presets.deleteText')}</Text>,
      labels: { confirm: t('common.delete'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => act.mutate(() => answer(api.DELETE('/api/v1/presets/{id}', { params }))),
    })
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{preset.name}</Text>
        <Text size="xs" c="dimmed">
          {text.title(preset.tool)}
        </Text>
      </Table.Td>
      <Table.Td>
        {Object.entries(preset.params).map(([field, value]) => (
          <Text key={field} size="sm">
            {text.param(preset.tool, field, field)}: {paramValueText(value)}
          </Text>
        ))}
        <LeftOutParams preset={preset} />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={preset.visibility === 'private' ? 'gray' : 'teal'}>
          {t(`presets.visibilities.${preset.visibility}`)}
        </Badge>
        <Text size="xs" c="dimmed">
          {preset.mine ? t('presets.yours') : preset.ownerNickname}
        </Text>
      </Table.Td>
      <Table.Td>{date(preset.updatedAt)}</Table.Td>
      <Table.Td>
        <Group justify="flex-end">
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" aria-label={t('presets.actions', { name: preset.name })}>
                <IconDots size={18} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {preset.mine && <Menu.Item onClick={() => setIsEditing(true)}>{t('presets.edit')}</Menu.Item>}
              <Menu.Item onClick={copy}>{t('presets.duplicate')}</Menu.Item>
              <Menu.Item onClick={() => void exportPresets([preset.id]).catch(showError)}>
                {t('presets.export')}
              </Menu.Item>
              {preset.mine && (
                <Menu.Item color="red" onClick={remove}>
                  {t('common.delete')}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </Group>
        {isEditing && <EditPreset preset={preset} onClose={() => setIsEditing(false)} />}
      </Table.Td>
    </Table.Tr>
  )
}
