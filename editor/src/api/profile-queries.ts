/** One's own account: read and changed; and where one is signed in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { components } from './__generated__/openapi.ts'
import { answer, api } from './client.ts'

export type Profile = components['schemas']['Profile']
type ProfileChange = components['schemas']['ProfileChange']

export const useProfile = () =>
  useQuery({ queryKey: ['profile'], queryFn: () => answer(api.GET('/api/v1/profile')) })

export const useOwnSessions = () =>
  useQuery({ queryKey: ['own-sessions'], queryFn: () => answer(api.GET('/api/v1/sessions')) })

function useAccountChange<V, R>(change: (given: V) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all(['profile', 'own-sessions'].map((name) => client.invalidateQueries({ queryKey: [name] }))),
  })
}

export const useChangeProfile = () =>
  useAccountChange((body: ProfileChange) => answer(api.PUT('/api/v1/profile', { body })))

export const useChangePassword = () =>
  useAccountChange((body: { currentPassword: string; password: string }) =>
    answer(api.PUT('/api/v1/profile/password', { body })),
  )

/** Null: all but this one. */
export const useEndSession = () =>
  useAccountChange((id: string | null) =>
    answer<unknown>(
      id === null
        ? api.DELETE('/api/v1/sessions')
        : api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } }),
    ),
  )
