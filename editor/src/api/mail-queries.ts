/** What super admins ask about the mails that the studio keeps where it has no mail server. */
import { useQuery } from '@tanstack/react-query'
import { answer, api } from './client.ts'
import { useMember } from './session.ts'

/** Stays without data for everybody else, and where mails leave through a mail server. */
export function useMails() {
  const { role } = useMember()
  return useQuery({
    queryKey: ['mails'],
    queryFn: () => answer(api.GET('/api/v1/mails')),
    enabled: role === 'super_admin',
    refetchInterval: ({ state }) => (state.status === 'success' ? 10_000 : false),
  })
}

export const useMail = (id: string) =>
  useQuery({
    queryKey: ['mails', id],
    queryFn: () => answer(api.GET('/api/v1/mails/{id}', { params: { path: { id } } })),
  })
