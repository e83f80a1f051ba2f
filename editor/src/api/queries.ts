/** Every question that a page asks the server, under one key each. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { atMost } from '../events/at-most.ts'
import { useTopic } from '../events/use-topic.ts'
import { createPartsWatch } from '../shell/parts-down.ts'
import { answer, api, type Asked } from './client.ts'
import { queryClient } from './query-client.ts'
import type { Page } from './types.ts'

export const useModels = () =>
  useQuery({ queryKey: ['models'], queryFn: () => answer(api.GET('/api/v1/models')) })

export const useServers = () =>
  useQuery({
    queryKey: ['servers'],
    queryFn: () => answer(api.GET('/api/v1/servers')),
    refetchInterval: 10_000,
  })

export const useGraphs = () =>
  usePages(['graphs'], (query) => api.GET('/api/v1/graphs', { params: { query } }))

export const useSavedGraph = (id: string) =>
  useQuery({
    queryKey: ['graph', id],
    queryFn: () => answer(api.GET('/api/v1/graphs/{id}', { params: { path: { id } } })),
    // The editor holds its own copy and saves it; asking again would only fight with it.
    staleTime: Infinity,
    gcTime: 0,
  })

export function useRuns(graphId?: string) {
  useTopic('runs:mine', { fresh: readRunsAgain.call, heard: readRunsAgain.call })
  return usePages(['runs', graphId ?? 'all'], (page) =>
    api.GET('/api/v1/runs', { params: { query: { ...page, ...(graphId ? { graphId } : {}) } } }),
  )
}

/** A hundred runs that begin at once are one change of the list. */
const readRunsAgain = atMost(500, () => {
  // What is being asked for already need not be asked for twice.
  void queryClient.invalidateQueries({ queryKey: ['runs'] }, { cancelRefetch: false })
})

export const useRun = (id: string) =>
  useQuery({
    queryKey: ['run', id],
    queryFn: () => answer(api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
  })

/** @param filter empty texts let everything through. */
export function useImages(filter: { words: string; tool: string } = { words: '', tool: '' }) {
  const asked = {
    ...(filter.words ? { q: filter.words } : {}),
    ...(filter.tool ? { tool: filter.tool } : {}),
  }
  return usePages(['images', asked], (page) =>
    api.GET('/api/v1/images', { params: { query: { ...page, ...asked } } }),
  )
}

export const useImage = (id: string) =>
  useQuery({
    queryKey: ['images', id],
    queryFn: () => answer(api.GET('/api/v1/images/{id}', { params: { path: { id } } })),
  })

const partsDown = createPartsWatch()

/** Asked every few seconds, since it tells whether runs can go on. A studio that is not ready answers 503 and still says how its parts are. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: async () => {
      const { data, error } = await api.GET('/api/v1/health')
      const health = data ?? error
      // Whatever stands before the studio may answer too.
      if (!('components' in health)) throw new Error(health.title)
      return { ...health, down: partsDown(health) }
    },
    refetchInterval: ({ state }) => (state.status === 'error' || state.data?.down.length ? 1_500 : 3_000),
    retry: false,
    staleTime: 0,
  })

/**
 * A list that the server gives page by page.
 * @param ask is given the cursor of the page, none for the first.
 */
export function usePages<T>(
  key: readonly unknown[],
  ask: (page: { cursor?: string }) => Promise<Asked<Page<T>>>,
  refetchInterval: number | false = false,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => answer(ask(pageParam === '' ? {} : { cursor: pageParam })),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => (nextCursor === null ? undefined : String(nextCursor)),
    refetchInterval,
  })
}

export const allItems = <T>(data: { pages: { items: T[] }[] } | undefined): T[] =>
  data?.pages.flatMap((page) => page.items) ?? []
