/** Asks where lists may come from, and what one would hold. */
import type { GraphNode } from '@defect-studio/nodes'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { components } from './__generated__/openapi.ts'
import { request } from './client.ts'

export const useSources = () =>
  useQuery({
    queryKey: ['sources'],
    queryFn: () => request<components['schemas']['Sources']>('GET', '/sources'),
  })

export const useSourcePreview = () =>
  useMutation({
    mutationFn: ({ type, params }: Pick<GraphNode, 'type' | 'params'>) =>
      request<components['schemas']['SourcePreview']>('POST', '/sources/preview', { body: { type, params } }),
  })
