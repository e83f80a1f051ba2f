/** What the pages ask about reviews, and how a decision shows at once. */
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
} from '@tanstack/react-query'
import { useTopic } from '../events/use-topic.ts'
import { showError } from '../shell/show-error.ts'
import { answer, api } from './client.ts'
import { usePages } from './queries.ts'
import type { ReviewItem } from './types.ts'

const pageSize = 100

/** How many reviews wait for this member; asked again when the studio says that it changed. */
export function useWaitingReviews() {
  const client = useQueryClient()
  const askAgain = () => void client.invalidateQueries({ queryKey: ['reviews'] }, { cancelRefetch: false })
  useTopic('reviews', { fresh: askAgain, heard: askAgain })
  return useQuery({
    queryKey: ['reviews', 'waiting-count'],
    queryFn: async () =>
      (await answer(api.GET('/api/v1/reviews', { params: { query: { limit: 1 } } }))).waiting,
  })
}

export const useReviews = (state: 'waiting' | 'all') =>
  usePages(
    ['reviews', state],
    (page) => api.GET('/api/v1/reviews', { params: { query: { ...page, state } } }),
    10_000,
  )

/** Others may decide at the same time: what they did shows within seconds. */
export const useReview = (id: string) =>
  useQuery({
    queryKey: ['review', id],
    queryFn: () => answer(api.GET('/api/v1/reviews/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? 4_000 : false),
  })

interface ItemPage {
  items: ReviewItem[]
}

export const useReviewItems = (id: string, isOpen: boolean) =>
  useInfiniteQuery({
    queryKey: ['review', id, 'items'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/reviews/{id}/items', {
          params: { path: { id }, query: { from: pageParam, limit: pageSize } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ items }) => (items.length < pageSize ? undefined : (items.at(-1)?.index ?? 0) + 1),
    refetchInterval: isOpen ? 4_000 : false,
  })

export interface NewDecision {
  indexes: number[]
  accepted: boolean
  comment?: string
}

export function useDecide(id: string) {
  const client = useQueryClient()
  const items = ['review', id, 'items']
  return useMutation({
    mutationFn: (decision: NewDecision) =>
      answer(api.POST('/api/v1/reviews/{id}/decisions', { params: { path: { id } }, body: decision })),
    onMutate: async ({ indexes, accepted }) => {
      await client.cancelQueries({ queryKey: items })
      client.setQueryData<InfiniteData<ItemPage, number>>(
        items,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              items: page.items.map((item) => (indexes.includes(item.index) ? { ...item, accepted } : item)),
            })),
          },
      )
    },
    onSuccess: (review) => client.setQueryData(['review', id], review),
    onError: showError,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['reviews'] })
      return client.invalidateQueries({ queryKey: items })
    },
  })
}

export function useCloseReview(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (undecided: 'accept' | 'reject') =>
      answer(api.POST('/api/v1/reviews/{id}/close', { params: { path: { id } }, body: { undecided } })),
    onError: showError,
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['reviews'] })
      return client.invalidateQueries({ queryKey: ['review', id] })
    },
  })
}
