/** What there is to spend, where it came from and went, and what steps cost. */
import { Paper, SimpleGrid, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMember } from '../api/session.ts'
import { useBalance } from '../api/token-queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { PageFrame } from '../shell/page-frame.tsx'
import { IssueTokens } from './issue-tokens.tsx'
import { PriceList } from './price-list.tsx'
import { TokenHolders } from './token-holders.tsx'
import { TokenTransfers } from './token-transfers.tsx'

export function TokensPage() {
  const { t } = useTranslation()
  const member = useMember()
  const balance = useBalance()
  const [shown, setShown] = useState(member.id)
  const leads = member.role === 'super_admin' || member.role === 'department_admin'
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
      {leads && (
        <>
          <Title order={2} mb="sm">
            {t('tokenMoves.holders')}
          </Title>
          <TokenHolders shown={shown} onShow={setShown} />
        </>
      )}
      <Title order={2} mt="xl" mb="sm">
        {shown === member.id ? t('tokens.transfers') : t('tokenMoves.othersStatement')}
      </Title>
      <TokenTransfers {...(shown === member.id ? {} : { memberId: shown })} mayRefund={leads} />
      <Title order={2} mt="xl" mb="sm">
        {t('prices.title')}
      </Title>
      <PriceList />
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
