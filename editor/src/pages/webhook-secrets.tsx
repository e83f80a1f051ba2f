/** The secrets with which the webhooks of a department are signed; each is shown once, when it is made or replaced. */
import {
  ActionIcon,
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import type { WebhookSecret } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { showError } from '../shell/show-error.ts'

const queryKey = ['webhook-secrets']

export function WebhookSecrets() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const { data } = useQuery({
    queryKey,
    queryFn: () => answer(api.GET('/api/v1/webhook-secrets')),
  })
  const onSettled = () => client.invalidateQueries({ queryKey })
  const show = useMutation({
    mutationFn: (of: WebhookSecret | null) =>
      of
        ? answer(api.POST('/api/v1/webhook-secrets/{id}/rotate', { params: { path: { id: of.id } } }))
        : answer(api.POST('/api/v1/webhook-secrets', { body: { name: name.trim() } })),
    onSuccess: () => setName(''),
    onError: showError,
    onSettled,
  })
  const remove = useMutation({
    mutationFn: ({ id }: WebhookSecret) =>
      answer(api.DELETE('/api/v1/webhook-secrets/{id}', { params: { path: { id } } })),
    onError: showError,
    onSettled,
  })
  const ask = (kind: 'rotate' | 'delete', secret: WebhookSecret) =>
    modals.openConfirmModal({
      title: t(`reviews.${kind}Title`, { name: secret.name }),
      children: <Text size="sm">{t(`reviews.${kind}Text`)}</Text>,
      labels: {
        confirm: t(kind === 'rotate' ? 'reviews.rotate' : 'common.delete'),
        cancel: t('common.cancel'),
      },
      confirmProps: { color: 'red' },
      onConfirm: () => (kind === 'rotate' ? show.mutate(secret) : remove.mutate(secret)),
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') show.mutate(null)
  }
  return (
    <Stack gap="sm">
      {show.data && (
        <Alert color="teal" title={t('settings.shownOnce')}>
          <Group gap="sm">
            <Code style={{ overflowWrap: 'anywhere' }}>{show.data.secret}</Code>
            <CopyButton value={show.data.secret}>
              {({ copied, copy }) => (
                <Button size="xs" variant="default" onClick={copy}>
                  {copied ? t('settings.copied') : t('settings.copy')}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Alert>
      )}
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t('reviews.secretName')}
            placeholder={t('reviews.secretExample')}
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            w={280}
          />
          <Button type="submit" loading={show.isPending} disabled={name.trim() === ''}>
            {t('settings.make')}
          </Button>
        </Group>
      </form>
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {data?.items.map((secret) => (
            <Table.Tr key={secret.id}>
              <Table.Td fw={600}>{secret.name}</Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {t('settings.madeOn', { date: date(secret.createdAt) })}
                </Text>
              </Table.Td>
              <Table.Td w={160}>
                <Group gap="xs" wrap="nowrap" justify="flex-end">
                  <Button size="xs" variant="default" onClick={() => ask('rotate', secret)}>
                    {t('reviews.rotate')}
                  </Button>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('reviews.deleteTitle', { name: secret.name })}
                    onClick={() => ask('delete', secret)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
