/** Checks the graph here at once, and asks the API for what only it knows: pictures, models and the price. */
import { checkGraph, type Graph } from '@defect-studio/nodes'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { answer, api } from '../api/client.ts'
import { useVerdict } from './problem-store.ts'

export function useCheckGraph(graph: Graph): void {
  const content = useMemo(() => contentOf(graph), [graph])
  const [settled] = useDebouncedValue(content, 400)
  const here = useMemo(() => checkGraph(graph), [graph])
  const { data } = useQuery({
    queryKey: ['check', settled],
    queryFn: () => answer(api.POST('/api/v1/graphs/check', { body: { graph } })),
    enabled: here.length === 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  })
  useEffect(() => {
    if (here.length > 0) useVerdict.setState({ problems: here, quote: null })
    else useVerdict.setState({ problems: data?.problems ?? [], quote: data?.quote ?? null })
  }, [here, data])
}

/** Moving a node changes nothing that a run depends on. */
function contentOf({ nodes, frames, ...rest }: Graph): string {
  return JSON.stringify([
    nodes.map(({ position: _position, title: _title, ...node }) => node),
    frames.filter(({ off }) => off).map(({ id }) => id),
    rest,
  ])
}
