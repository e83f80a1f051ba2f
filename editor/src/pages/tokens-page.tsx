/** What there is to spend, and where it came from and went. */
import { Anchor, Badge, Paper, SimpleGrid, Table, Text, Title } from '@mantine/core'
import { IconCoin } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { allItems } from '../api/queries.ts'
import { useMember } from '../api/session.ts'
import { useBalance, useTransfers } from '../api/token-queries.ts'
import type { TokenTransfer } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { IssueTokens } from './issue-tokens.tsx'

export function TokensPage() {
  const { t } = useTranslation()
  const member = useMember()
  const balance = useBalance()
  const answer = useTransfers()
  const transfers = allItems(answer.data)
  return (
    <PageFrame
      title={t('shell.pages.tokens')}
      actions={member.role === 'super_admin' && balance.data && <IssueTokens />}
    >
      {balance.data && (
        <SimpleGrid cols={{ base: 1, sm: 3 }} mb="xl">
          <Figure name={t('tokens.available')} value={balance.data.member.available} strong />
          <Figure name={t('tokens.held')} value={balance.data.member.pending} />
          {balance.data.department && (
            <Figure
              name={t('tokens.department', { name: member.departmentName })}
              value={balance.data.department.available}
            />
          )}
        </SimpleGrid>
      )}
      <Title order={2} mb="sm">
        {t('tokens.transfers')}
      </Title>
      <AsyncList
        answer={answer}
        isEmpty={transfers.length === 0}
        empty={
          <Empty icon={<IconCoin size={32} />} title={t('tokens.emptyTitle')} text={t('tokens.emptyText')} />
        }
      >
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('tokens.when')}</Table.Th>
              <Table.Th>{t('tokens.what')}</Table.Th>
              <Table.Th>{t('tokens.for')}</Table.Th>
              <Table.Th ta="right">{t('tokens.amount')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {transfers.map((transfer) => (
              <TransferRow key={transfer.id} transfer={transfer} />
            ))}
          </Table.Tbody>
        </Table>
        <MoreButton list={answer} />
      </AsyncList>
    </PageFrame>
  )
}

function Figure({ name, value, strong = false }: { name: string; value: number; strong?: boolean }) {
  const { number } = useFormat()
  return (
    <Paper withBorder p="md" bg="var(--studio-card)">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fz={28} fw={strong ? 700 : 500} lh={1.3}>
        {number(value)}
      </Text>
    </Paper>
  )
}

/** Reserving tokens and giving them back changes nothing that one owns; adding them up would count twice. */
const isReservation = ({ kind }: TokenTransfer): boolean => kind === 'hold' || kind === 'release'

function TransferRow({ transfer }: { transfer: TokenTransfer }) {
  const { t } = useTranslation()
  const { date, number } = useFormat()
  return (
    <Table.Tr>
      <Table.Td>{date(transfer.createdAt)}</Table.Td>
      <Table.Td>
        <Badge variant="default" tt="none">
          {t(`tokens.kinds.${transfer.kind}`)}
        </Badge>
      </Table.Td>
      <Table.Td>
        {transfer.runId ? (
          <Anchor component={Link} to={`/runs/${transfer.runId}`} size="sm">
            {transfer.nodeId ?? t('tokens.run')}
          </Anchor>
        ) : (
          (transfer.note ?? '')
        )}
      </Table.Td>
      <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {isReservation(transfer) ? (
          <Text span c="dimmed" inherit>
            ({number(transfer.amount)})
          </Text>
        ) : (
          `${transfer.direction === 'in' ? '+' : '−'}${number(transfer.amount)}`
        )}
      </Table.Td>
    </Table.Tr>
  )
}
