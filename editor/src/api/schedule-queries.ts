/** What pages ask about schedules. */
import { api } from './client.ts'
import { usePages } from './queries.ts'

export const useSchedules = () =>
  usePages(['schedules'], (query) => api.GET('/api/v1/schedules', { params: { query } }), 15_000)
