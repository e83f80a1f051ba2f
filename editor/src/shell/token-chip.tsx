/** How many tokens are left, always in sight. */
import { Paper, Text, Tooltip } from '@mantine/core'
import { IconCoin } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBalance } from '../api/token-queries.ts'
import { useFormat } from '../i18n/use-format.ts'

export function TokenChip({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation()
  const { number, short } = useFormat()
  const { data } = useBalance()
  if (!data) return null
  const shown = number(Math.floor(data.member.available))
  const name = t('shell.tokensLeft', { tokens: shown })
  return (
    <Tooltip label={name} position="right">
      <Paper withBorder px={narrow ? 2 : 10} py={6} radius="md" ta="center">
        {!narrow && <IconCoin size={16} style={{ verticalAlign: -3, marginRight: 6 }} aria-hidden />}
        <Text span size={narrow ? 'xs' : 'sm'} fw={600}>
          {narrow ? short(Math.floor(data.member.available)) : name}
        </Text>
      </Paper>
    </Tooltip>
  )
}
