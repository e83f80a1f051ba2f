/** What pages ask about what was made and spent. */
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { paths, components } from './__generated__/openapi.ts'
import { answer, api, send, studioUrl } from './client.ts'

export type Statistics = components['schemas']['Statistics']
export type StatisticsQuery = NonNullable<paths['/api/v1/statistics']['get']['parameters']['query']>

export const useStatistics = (query: StatisticsQuery) =>
  useQuery({
    queryKey: ['statistics', query],
    queryFn: () => answer(api.GET('/api/v1/statistics', { params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  })

/** Saves the same as a file; the access token goes in a header, which no plain link can send. */
export const useStatisticsFile = () =>
  useMutation({
    mutationFn: async (query: StatisticsQuery) => {
      const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
      const address = `${studioUrl}/api/v1/statistics.csv?${new URLSearchParams(given).toString()}`
      const response = await send(new Request(address))
      if (!response.ok) throw new Error(`The studio answered ${response.status}.`)
      const url = URL.createObjectURL(await response.blob())
      const link = document.createElement('a')
      link.href = url
      link.download = 'statistics.csv'
      link.click()
      URL.revokeObjectURL(url)
    },
  })
