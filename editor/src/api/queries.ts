/** Every question that a page asks the server, under one key each. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { atMost } from '../events/at-most.ts'
import { useTopic } from '../events/use-topic.ts'
import { createPartsWatch } from '../shell/parts-down.ts'
import { request, send } from './client.ts'
import { queryClient } from './query-client.ts'
import type {
  GalleryImage,
  GalleryImageDetail,
  GraphSummary,
  Health,
  Model,
  Page,
  Run,
  RunSummary,
  SavedGraph,
  Server,
} from './types.ts'

export const useModels = () =>
  useQuery({ queryKey: ['models'], queryFn: () => request<{ items: Model[] }>('GET', '/models') })

export const useServers = () =>
  useQuery({
    queryKey: ['servers'],
    queryFn: () => request<{ items: Server[] }>('GET', '/servers'),
    refetchInterval: 10_000,
  })

export const useGraphs = () => usePages<GraphSummary>(['graphs'], '/graphs')

export const useSavedGraph = (id: string) =>
  useQuery({
    queryKey: ['graph', id],
    queryFn: () => request<SavedGraph>('GET', `/graphs/${id}`),
    // The editor holds its own copy and saves it; asking again would only fight with it.
    staleTime: Infinity,
    gcTime: 0,
  })

export function useRuns(graphId?: string) {
  useTopic('runs:mine', { fresh: readRunsAgain.call, heard: readRunsAgain.call })
  return usePages<RunSummary>(['runs', graphId ?? 'all'], graphId ? `/runs?graphId=${graphId}` : '/runs')
}

/** A hundred runs that begin at once are one change of the list. */
const readRunsAgain = atMost(500, () => {
  // What is being asked for already need not be asked for twice.
  void queryClient.invalidateQueries({ queryKey: ['runs'] }, { cancelRefetch: false })
})

export const useRun = (id: string) =>
  useQuery({ queryKey: ['run', id], queryFn: () => request<Run>('GET', `/runs/${id}`) })

/** @param filter empty texts let everything through. */
export function useImages(filter: { words: string; tool: string } = { words: '', tool: '' }) {
  const query = new URLSearchParams({
    ...(filter.words ? { q: filter.words } : {}),
    ...(filter.tool ? { tool: filter.tool } : {}),
  }).toString()
  return usePages<GalleryImage>(['images', query], query ? `/images?${query}` : '/images')
}

export const useImage = (id: string) =>
  useQuery({
    queryKey: ['images', id],
    queryFn: () => request<GalleryImageDetail>('GET', `/images/${id}`),
  })

const partsDown = createPartsWatch()

/** Asked every few seconds, since it tells whether runs can go on. A studio that is not ready answers 503 and still says how its parts are. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: async () => {
      // The border: the API describes what this route answers.
      const health = (await (await send('GET', '/health')).json()) as Health
      return { ...health, down: partsDown(health) }
    },
    refetchInterval: ({ state }) => (state.status === 'error' || state.data?.down.length ? 1_500 : 3_000),
    retry: false,
    staleTime: 0,
  })

/** A list that the server gives page by page. */
export function usePages<T>(key: readonly string[], path: string, refetchInterval: number | false = false) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) =>
      request<Page<T>>(
        'GET',
        pageParam ? `${path}${path.includes('?') ? '&' : '?'}cursor=${pageParam}` : path,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval,
  })
}

export const allItems = <T>(data: { pages: Page<T>[] } | undefined): T[] =>
  data?.pages.flatMap((page) => page.items) ?? []
