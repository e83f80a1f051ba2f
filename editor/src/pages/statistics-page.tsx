/** What was made and spent: one's own, the department's, everybody's; by day or month, as charts and as a file. */
import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import {
  Button,
  Card,
  Group,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMember } from '../api/session.ts'
import {
  useStatistics,
  useStatisticsFile,
  type Statistics,
  type StatisticsQuery,
} from '../api/statistics-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty, Refused } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

const scopes = ['me', 'department', 'organisation'] as const

export function StatisticsPage() {
  const { t } = useTranslation()
  const { role } = useMember()
  const [of, setOf] = useState<(typeof scopes)[number]>('me')
  const [by, setBy] = useState<'day' | 'month'>('day')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const query: StatisticsQuery = { of, by, ...(from ? { from } : {}), ...(to ? { to } : {}) }
  const answer = useStatistics(query)
  const file = useStatisticsFile()
  const mine = scopes.filter(
    (scope) =>
      scope === 'me' || role === 'super_admin' || (scope === 'department' && role !== 'department_member'),
  )
  return (
    <PageFrame
      title={t('statistics.title')}
      actions={
        <Button variant="default" loading={file.isPending} onClick={() => file.mutate(query)}>
          {t('statistics.csv')}
        </Button>
      }
    >
      <Stack>
        <Group align="end">
          {mine.length > 1 && (
            <SegmentedControl
              aria-label={t('statistics.of')}
              data={mine.map((value) => ({ value, label: t(`statistics.scopes.${value}`) }))}
              value={of}
              onChange={(value) => setOf(scopes.find((scope) => scope === value) ?? 'me')}
            />
          )}
          <SegmentedControl
            aria-label={t('statistics.by')}
            data={(['day', 'month'] as const).map((value) => ({ value, label: t(`statistics.${value}`) }))}
            value={by}
            onChange={(value) => setBy(value === 'month' ? 'month' : 'day')}
          />
          <TextInput
            type="date"
            label={t('statistics.from')}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('statistics.to')}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </Group>
        {file.error && <Refused error={file.error} />}
        {answer.error && <Refused error={answer.error} />}
        <AsyncList
          answer={answer}
          isEmpty={!answer.data || answer.data.totals.uses + answer.data.totals.found === 0}
          empty={
            <Empty
              icon={<IconChartBar size={32} />}
              title={t('statistics.empty')}
              text={t('statistics.emptyText')}
            />
          }
        >
          {answer.data && <Found statistics={answer.data} />}
        </AsyncList>
      </Stack>
    </PageFrame>
  )
}

function Found({ statistics: { totals, series, tools, models } }: { statistics: Statistics }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  return (
    <Stack gap="xl">
      <SimpleGrid cols={{ base: 2, sm: 5 }}>
        {(['uses', 'images', 'found', 'tokens', 'saved'] as const).map((name) => (
          <Card key={name} withBorder>
            <Text size="sm" c="dimmed">
              {t(`statistics.${name}`)}
            </Text>
            <Text fw={700} size="xl">
              {number(totals[name])}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
      {(['images', 'tokens'] as const).map((name) => (
        <section key={name} aria-label={t(`statistics.${name}`)}>
          <Title order={2} size="h3" mb="sm">
            {t(`statistics.${name}`)}
          </Title>
          <BarChart
            h={220}
            data={series}
            dataKey="bucket"
            series={[{ name, label: t(`statistics.${name}`), color: name === 'images' ? 'indigo' : 'teal' }]}
          />
        </section>
      ))}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <UsageTable title={t('statistics.tools')} rows={tools} />
        <UsageTable title={t('statistics.models')} rows={models} />
      </SimpleGrid>
    </Stack>
  )
}

function UsageTable({ title, rows }: { title: string; rows: Statistics['tools'] }) {
  const { t } = useTranslation()
  const { number } = useFormat()
  return (
    <section aria-label={title}>
      <Title order={2} size="h3" mb="sm">
        {title}
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{title}</Table.Th>
            <Table.Th ta="right">{t('statistics.uses')}</Table.Th>
            <Table.Th ta="right">{t('statistics.images')}</Table.Th>
            <Table.Th ta="right">{t('statistics.tokens')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Td>{row.name}</Table.Td>
              <Table.Td ta="right">{number(row.uses)}</Table.Td>
              <Table.Td ta="right">{number(row.images)}</Table.Td>
              <Table.Td ta="right">{number(row.tokens)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
