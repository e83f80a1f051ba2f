/** A statement: where somebody's tokens came from and went, with charges that administrators can give back. */
import { Anchor, Badge, Table, Text } from '@mantine/core'
import { IconCoin } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { allItems } from '../api/queries.ts'
import { useTransfers } from '../api/token-queries.ts'
import type { TokenTransfer } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { MoveTokens } from './move-tokens.tsx'

/** @param memberId whose; one's own when absent. */
export function TokenTransfers({ memberId, mayRefund }: { memberId?: string; mayRefund: boolean }) {
  const { t } = useTranslation()
  const answer = useTransfers(memberId)
  const transfers = allItems(answer.data)
  return (
    <AsyncList
      answer={answer}
      isEmpty={transfers.length === 0}
      empty={
        <Empty icon={<IconCoin size={32} />} title={t('tokens.emptyTitle')} text={t('tokens.emptyText')} />
      }
    >
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('tokens.when')}</Table.Th>
              <Table.Th>{t('tokens.what')}</Table.Th>
              <Table.Th>{t('tokens.for')}</Table.Th>
              <Table.Th ta="right">{t('tokens.amount')}</Table.Th>
              {mayRefund && <Table.Th aria-label={t('tokenMoves.actions')} />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {transfers.map((transfer) => (
              <TransferRow key={transfer.id} transfer={transfer} mayRefund={mayRefund} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <MoreButton list={answer} />
    </AsyncList>
  )
}

/** Reserving tokens and giving them back changes nothing that one owns; adding them up would count twice. */
const isReservation = ({ kind }: TokenTransfer): boolean => kind === 'hold' || kind === 'release'

function TransferRow({ transfer, mayRefund }: { transfer: TokenTransfer; mayRefund: boolean }) {
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
      {mayRefund && (
        <Table.Td ta="right">
          {transfer.kind === 'capture' && transfer.amount >= 1 && (
            <MoveTokens move="refund" subject={transfer.id} most={Math.floor(transfer.amount)} />
          )}
        </Table.Td>
      )}
    </Table.Tr>
  )
}
