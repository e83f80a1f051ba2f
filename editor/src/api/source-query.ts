/** Asks where lists may come from, and what one would hold. */
import type { GraphNode } from '@defect-studio/nodes'
import { useMutation, useQuery } from '@tanstack/react-query'
import { answer, api } from './client.ts'

export const useSources = () =>
  useQuery({
    queryKey: ['sources'],
    queryFn: () => answer(api.GET('/api/v1/sources')),
  })

export const useSourcePreview = () =>
  useMutation({
    mutationFn: ({ type, params }: Pick<GraphNode, 'type' | 'params'>) =>
      answer(api.POST('/api/v1/sources/preview', { body: { type, params } })),
  })
