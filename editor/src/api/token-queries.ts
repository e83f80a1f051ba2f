/** What pages ask about tokens. */
import { useQuery } from '@tanstack/react-query'
import { useTopic } from '../events/use-topic.ts'
import { request } from './client.ts'
import { queryClient } from './query-client.ts'
import { usePages } from './queries.ts'
import type { PriceList, TokenBalance, TokenHolder, TokenTransfer } from './types.ts'

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

/** @param memberId of another member, for administrators; one's own when absent. */
export const useTransfers = (memberId?: string) =>
  usePages<TokenTransfer>(
    ['tokens', 'transfers', memberId ?? 'mine'],
    memberId ? `/tokens/transfers?memberId=${memberId}` : '/tokens/transfers',
  )

export const useHolders = () => usePages<TokenHolder>(['tokens', 'holders'], '/tokens/holders')

export const usePrices = () =>
  useQuery({
    queryKey: ['prices'],
    queryFn: () => request<{ current: PriceList; history: PriceList[] }>('GET', '/prices'),
  })
