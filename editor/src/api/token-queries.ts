/** What pages ask about tokens. */
import { useQuery } from '@tanstack/react-query'
import { request } from './client.ts'
import { usePages } from './queries.ts'
import type { TokenBalance, TokenTransfer } from './types.ts'

/** The department's tokens are for administrators. */
interface Balances {
  member: TokenBalance
  department: TokenBalance | null
}

export const useBalance = () =>
  useQuery({
    queryKey: ['tokens', 'balance'],
    queryFn: () => request<Balances>('GET', '/tokens/balance'),
    refetchInterval: 15_000,
  })

export const useTransfers = () => usePages<TokenTransfer>(['tokens', 'transfers'], '/tokens/transfers')
