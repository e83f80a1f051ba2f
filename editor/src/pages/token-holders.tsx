/** For administrators: the members of the department, what they have, and handing tokens on and back. */
import { Button, Group, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { allItems } from '../api/queries.ts'
import { useHolders } from '../api/token-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { MoveTokens } from './move-tokens.tsx'

interface HoldersProps {
  /** Whose statement is shown. */
  shown: string
  onShow: (memberId: string) => void
}

export function TokenHolders({ shown, onShow }: HoldersProps) {
  const { t } = useTranslation()
  const { number } = useFormat()
  const answer = useHolders()
  const holders = allItems(answer.data)
  return (
    <AsyncList answer={answer} isEmpty={holders.length === 0} empty={null}>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('tokenMoves.member')}</Table.Th>
              <Table.Th ta="right">{t('tokens.available')}</Table.Th>
              <Table.Th ta="right">{t('tokens.held')}</Table.Th>
              <Table.Th aria-label={t('tokenMoves.actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {holders.map(({ id, name, disabled, balance }) => (
              <Table.Tr key={id}>
                <Table.Td>{disabled ? t('tokenMoves.disabled', { name }) : name}</Table.Td>
                <Table.Td ta="right">{number(balance.available)}</Table.Td>
                <Table.Td ta="right">{number(balance.pending)}</Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end">
                    {!disabled && <MoveTokens move="distribute" subject={id} />}
                    <MoveTokens move="revoke" subject={id} most={Math.floor(balance.available)} />
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-pressed={shown === id}
                      onClick={() => onShow(id)}
                    >
                      {t('tokenMoves.statement')}
                    </Button>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <MoreButton list={answer} />
    </AsyncList>
  )
}
