/** Who did what to what, from where. For administrators. */
import { Badge, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconListSearch, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAudit, type AuditFilter } from '../api/people-queries.ts'
import { useMember } from '../api/session.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { LostPage } from './lost-page.tsx'

const outcomes = ['done', 'refused', 'failed'] as const
const colours: Record<string, string> = { done: 'green', refused: 'orange', failed: 'red' }

export function AuditPage() {
  const { role } = useMember()
  return role === 'super_admin' || role === 'department_admin' ? <Audit /> : <LostPage />
}

function Audit() {
  const { t } = useTranslation()
  const { date } = useFormat()
  const [words, setWords] = useState('')
  const [outcome, setOutcome] = useState<(typeof outcomes)[number] | null>(null)
  const [search] = useDebouncedValue(words.trim(), 250)
  const filter: AuditFilter = { ...(search === '' ? {} : { words: search }), ...(outcome ? { outcome } : {}) }
  const answer = useAudit(filter)
  const entries = answer.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <PageFrame title={t('people.audit')}>
      <Stack>
        <Group align="end">
          <TextInput
            label={t('people.auditSearch')}
            leftSection={<IconSearch size={16} />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Select
            label={t('people.outcome')}
            data={outcomes.map((value) => ({ value, label: t(`people.outcomes.${value}`) }))}
            value={outcome}
            onChange={(value) => setOutcome(outcomes.find((one) => one === value) ?? null)}
            clearable
          />
        </Group>
        <AsyncList
          answer={answer}
          isEmpty={entries.length === 0}
          empty={<Empty icon={<IconListSearch size={32} />} title={t('people.noEntries')} text="" />}
        >
          <Table.ScrollContainer minWidth={760}>
            <Table verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('people.time')}</Table.Th>
                  <Table.Th>{t('people.who')}</Table.Th>
                  <Table.Th>{t('people.what')}</Table.Th>
                  <Table.Th>{t('people.object')}</Table.Th>
                  <Table.Th>{t('people.from')}</Table.Th>
                  <Table.Th>{t('people.outcome')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {entries.map((entry) => (
                  <Table.Tr key={entry.id}>
                    <Table.Td>{date(entry.at)}</Table.Td>
                    <Table.Td>{entry.actorName}</Table.Td>
                    <Table.Td>
                      <Text size="sm" ff="monospace">
                        {entry.action}
                      </Text>
                    </Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      {entry.objectName ?? entry.objectId ?? ''}
                    </Table.Td>
                    <Table.Td>{entry.address}</Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={colours[entry.outcome] ?? 'gray'}>
                        {outcomes.some((one) => one === entry.outcome)
                          ? t(`people.outcomes.${entry.outcome}`)
                          : entry.outcome}
                      </Badge>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <MoreButton list={answer} />
        </AsyncList>
      </Stack>
    </PageFrame>
  )
}
