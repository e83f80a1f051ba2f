/** What pages ask about tokens. */
import { useQuery } from '@tanstack/react-query'
import { useTopic } from '../events/use-topic.ts'
import { request } from './client.ts'
import { queryClient } from './query-client.ts'
import { usePages } from './queries.ts'
import type { TokenBalance, TokenTransfer } from './types.ts'

/** The department's tokens are for administrators. */
interface Balances {
  member: TokenBalance
  department: TokenBalance | null
}

const balanceKey = ['tokens', 'balance']

export function useBalance() {
  useTopic('tokens', {
    fresh: () => void queryClient.invalidateQueries({ queryKey: balanceKey }, { cancelRefetch: false }),
    heard(message) {
      if (message.type !== 'tokens') return
      queryClient.setQueryData<Balances>(
        balanceKey,
        (before) => before && { ...before, member: message.balance },
      )
    },
  })
  return useQuery({
    queryKey: balanceKey,
    queryFn: () => request<Balances>('GET', '/tokens/balance'),
  })
}

export const useTransfers = () => usePages<TokenTransfer>(['tokens', 'transfers'], '/tokens/transfers')
