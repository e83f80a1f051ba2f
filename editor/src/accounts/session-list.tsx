/** Where one is signed in, and the way to end it. */
import { Badge, Button, Group, Stack, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useEndSession, useOwnSessions } from '../api/profile-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Refused } from '../shell/async-list.tsx'

export function SessionList() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const answer = useOwnSessions()
  const sessions = answer.data?.items ?? []
  const end = useEndSession()
  return (
    <Stack>
      {end.error && <Refused error={end.error} />}
      <AsyncList answer={answer} isEmpty={sessions.length === 0} empty={null}>
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('accounts.device')}</Table.Th>
                <Table.Th>{t('accounts.address')}</Table.Th>
                <Table.Th>{t('accounts.lastUsed')}</Table.Th>
                <Table.Th>{t('common.actions')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.map((session) => (
                <Table.Tr key={session.id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{session.userAgent}</Table.Td>
                  <Table.Td>{session.address}</Table.Td>
                  <Table.Td>{date(session.lastUsedAt)}</Table.Td>
                  <Table.Td>
                    {session.isThis ? (
                      <Badge variant="light">{t('accounts.thisOne')}</Badge>
                    ) : (
                      <Button
                        size="compact-sm"
                        variant="default"
                        disabled={end.isPending}
                        onClick={() => end.mutate(session.id)}
                      >
                        {t('accounts.end')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {sessions.length > 1 && (
          <Group>
            <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
              {t('accounts.endOthers')}
            </Button>
          </Group>
        )}
      </AsyncList>
    </Stack>
  )
}
