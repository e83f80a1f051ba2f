/** A list of keys that are shown once, when they are made: API keys and worker tokens alike. */
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
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { IconTrash } from '@tabler/icons-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import type { ApiKey, SecretKey } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { showError } from '../shell/show-error.ts'
import { KeyLimits, limitsBody, noLimits, useScopeWords } from './key-limits.tsx'

/** Worker tokens have no limits. */
type ListedKey = SecretKey & Partial<Pick<ApiKey, 'scopes' | 'expiresAt'>>

type Limits = ReturnType<typeof limitsBody>

const routes = {
  apiKey: {
    list: (): Promise<{ items: ListedKey[] }> => answer(api.GET('/api/v1/api-keys')),
    make: async (name: string, limits: Limits) =>
      (await answer(api.POST('/api/v1/api-keys', { body: { name, ...limits } }))).key,
    revoke: (id: string) => answer(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } })),
  },
  workerToken: {
    list: (): Promise<{ items: ListedKey[] }> => answer(api.GET('/api/v1/worker-tokens')),
    make: async (name: string) => (await answer(api.POST('/api/v1/worker-tokens', { body: { name } }))).token,
    revoke: (id: string) => answer(api.DELETE('/api/v1/worker-tokens/{id}', { params: { path: { id } } })),
  },
}

export function SecretKeys({ kind }: { kind: keyof typeof routes }) {
  const { t } = useTranslation()
  const { date } = useFormat()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [limits, setLimits] = useState(noLimits)
  const scopeWords = useScopeWords()
  const isApiKey = kind === 'apiKey'
  const { data } = useQuery({ queryKey: [kind], queryFn: routes[kind].list })
  const refresh = () => client.invalidateQueries({ queryKey: [kind] })
  const make = useMutation({
    mutationFn: () => routes[kind].make(name, limitsBody(limits)),
    onSuccess: () => {
      setName('')
      setLimits(noLimits)
      return refresh()
    },
    onError: showError,
  })
  const revoke = useMutation({
    mutationFn: (key: SecretKey) => routes[kind].revoke(key.id),
    onSuccess: refresh,
    onError: showError,
  })
  const ask = (key: SecretKey) =>
    modals.openConfirmModal({
      title: t('settings.revokeTitle', { name: key.name }),
      children: <Text size="sm">{t('settings.revokeText')}</Text>,
      labels: { confirm: t('settings.revoke'), cancel: t('common.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => revoke.mutate(key),
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') make.mutate()
  }
  const secret = make.data
  const keys = data?.items.filter((key) => key.revokedAt === null) ?? []
  return (
    <Stack gap="sm">
      {secret && (
        <Alert color="teal" title={t('settings.shownOnce')}>
          <Group gap="sm">
            <Code style={{ overflowWrap: 'anywhere' }}>{secret}</Code>
            <CopyButton value={secret}>
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
            label={t(`settings.${kind}Name`)}
            placeholder={t(`settings.${kind}Example`)}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            w={280}
          />
          {isApiKey && <KeyLimits value={limits} onChange={setLimits} />}
          <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
            {t('settings.make')}
          </Button>
        </Group>
      </form>
      {keys.length > 0 && (
        <Table verticalSpacing="xs">
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td fw={600}>{key.name}</Table.Td>
                <Table.Td>
                  <Code>{key.prefix}…</Code>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    {t('settings.madeOn', { date: date(key.createdAt) })}
                    {key.expiresAt && `, ${t('settings.expiry.until', { date: date(key.expiresAt) })}`}
                  </Text>
                  {key.scopes && (
                    <Text size="sm" c="dimmed">
                      {scopeWords(key.scopes)}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td w={50}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('settings.revokeTitle', { name: key.name })}
                    onClick={() => ask(key)}
                  >
                    <IconTrash size={18} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  )
}
