/** What pages ask about tokens. */
import { useQuery } from '@tanstack/react-query'
import { useTopic } from '../events/use-topic.ts'
import { answer, api } from './client.ts'
import { queryClient } from './query-client.ts'
import { usePages } from './queries.ts'
import type { TokenBalance } from './types.ts'

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
    queryFn: () => answer(api.GET('/api/v1/tokens/balance')),
  })
}

/** @param memberId of another member, for administrators; one's own when absent. */
export const useTransfers = (memberId?: string) =>
  usePages(['tokens', 'transfers', memberId ?? 'mine'], (page) => {
    const query = { ...page, ...(memberId ? { memberId } : {}) }
    return api.GET('/api/v1/tokens/transfers', { params: { query } })
  })

export const useHolders = () =>
  usePages(['tokens', 'holders'], (query) => api.GET('/api/v1/tokens/holders', { params: { query } }))

export const usePrices = () =>
  useQuery({
    queryKey: ['prices'],
    queryFn: () => answer(api.GET('/api/v1/prices')),
  })
