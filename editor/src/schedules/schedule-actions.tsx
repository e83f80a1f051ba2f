/** What can be done with one schedule: run it now, pause it or let it go on, delete it. */
import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { request } from '../api/client.ts'
import type { Schedule } from '../api/types.ts'
import { showError } from '../shell/show-error.ts'

export function ScheduleActions({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: ({ method, path, body }: { method: 'POST' | 'DELETE'; path: string; body?: object }) =>
      request(method, `/schedules/${schedule.id}${path}`, body ? { body } : {}),
    onSuccess: () => client.invalidateQueries({ queryKey: ['schedules'] }),
    onError: showError,
  })
  const trigger = () =>
    act.mutate(
      { method: 'POST', path: '/trigger', body: {} },
      { onSuccess: () => void notifications.show({ message: t('schedules.triggered') }) },
    )
  const remove = () =>
    modals.openConfirmModal({
      title: t('schedules.deleteTitle', { name: schedule.name }),
      children: <Text size="sm">{t('schedules.deleteText')}</Text>,
      labels: { confirm: t('common.delete'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => act.mutate({ method: 'DELETE', path: '' }),
    })
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      <Button size="xs" variant="default" onClick={trigger}>
        {t('schedules.trigger')}
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => act.mutate({ method: 'POST', path: schedule.paused ? '/resume' : '/pause' })}
      >
        {schedule.paused ? t('schedules.resume') : t('schedules.pause')}
      </Button>
      <ActionIcon variant="subtle" color="red" aria-label={t('common.delete')} onClick={remove}>
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  )
}
