/** What can be done with one schedule: run it now, pause it or let it go on, delete it. */
import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import type { Schedule } from '../api/types.ts'
import { showError } from '../shell/show-error.ts'

export function ScheduleActions({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (ask: () => Promise<unknown>) => ask(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['schedules'] }),
    onError: showError,
  })
  const params = { path: { id: schedule.id } }
  const trigger = () =>
    act.mutate(() => answer(api.POST('/api/v1/schedules/{id}/trigger', { params, body: {} })), {
      onSuccess: () => void notifications.show({ message: t('schedules.triggered') }),
    })
  const turn = () =>
    act.mutate(() =>
      schedule.paused
        ? answer(api.POST('/api/v1/schedules/{id}/resume', { params }))
        : answer(api.POST('/api/v1/schedules/{id}/pause', { params })),
    )
  const remove = () =>
    modals.openConfirmModal({
      title: t('schedules.deleteTitle', { name: schedule.name }),
      children: <Text size="sm">{t('schedules.deleteText')}</Text>,
      labels: { confirm: t('common.delete'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => act.mutate(() => answer(api.DELETE('/api/v1/schedules/{id}', { params }))),
    })
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Button size="xs" variant="default" onClick={trigger}>
        {t('schedules.trigger')}
      </Button>
      <Button size="xs" variant="default" onClick={turn}>
        {schedule.paused ? t('schedules.resume') : t('schedules.pause')}
      </Button>
      <ActionIcon variant="subtle" color="red" aria-label={t('common.delete')} onClick={remove}>
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  )
}
