/** The one cache of what the server said; mutations invalidate it by key. */
import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './client.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // What the API refuses stays refused; only a lost connection is worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      staleTime: 5_000,
    },
    mutations: { retry: false },
  },
})
