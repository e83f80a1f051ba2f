/** What super admins ask about mails that leave the studio, and what they do with those that do not go out. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { components } from './__generated__/openapi.ts'
import { answer, api } from './client.ts'

export type OutgoingMail = components['schemas']['OutgoingMail']

export const mailStates = ['waiting', 'failed', 'given-up', 'sent'] as const
export type MailState = (typeof mailStates)[number]

export function useOutgoingMails(state: MailState | null) {
  return useInfiniteQuery({
    queryKey: ['outgoing-mails', state],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/v1/outgoing-mails', {
          params: { query: { limit: 50, ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  })
}

/** `resend` or `give-up`. */
export function useMailDeed() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, deed }: { id: string; deed: 'resend' | 'give-up' }) =>
      answer(
        deed === 'resend'
          ? api.POST('/api/v1/outgoing-mails/{id}/resend', { params: { path: { id } } })
          : api.POST('/api/v1/outgoing-mails/{id}/give-up', { params: { path: { id } } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ['outgoing-mails'] }),
  })
}
