/** What administrators ask about members, guests, departments and the audit log, and what they change. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { components } from './__generated__/openapi.ts'
import { answer, api } from './client.ts'

export type ManagedMember = components['schemas']['ManagedMember']
export type Department = components['schemas']['Department']
export type AuditEntry = components['schemas']['AuditEntry']

export interface MemberFilter {
  search?: string
  state?: ManagedMember['state']
}

export const useMembers = (filter: MemberFilter) =>
  useInfiniteQuery({
    queryKey: ['members', filter],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/v1/members', {
          params: { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  })

export const useDepartments = () =>
  useQuery({
    queryKey: ['departments'],
    queryFn: () => answer(api.GET('/api/v1/departments', { params: { query: { limit: 100 } } })),
  })

export interface AuditFilter {
  words?: string
  outcome?: 'done' | 'refused' | 'failed'
}

export const useAudit = (filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam: cursor }) =>
      answer(
        api.GET('/api/v1/audit', {
          params: { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
  })

/** A change of people; afterwards the lists are read again. */
function useChange<V, R>(change: (given: V) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all(
        ['members', 'departments', 'audit'].map((name) => client.invalidateQueries({ queryKey: [name] })),
      ),
  })
}

/** One answer for each guest: some may have been refused. */
export const useDecideGuests = () =>
  useChange((given: { ids: readonly string[]; approve: boolean }) =>
    answer(
      api.POST('/api/v1/members/decisions', {
        body: {
          decisions: given.ids.map((memberId) =>
            given.approve
              ? { memberId, approve: true as const, role: 'department_member' as const }
              : { memberId, approve: false as const },
          ),
        },
      }),
    ),
  )

export type MemberDeed = 'disable' | 'enable' | 'delete'

export const useMemberDeed = () =>
  useChange(({ id, deed }: { id: string; deed: MemberDeed }) => {
    const path = { params: { path: { id } } }
    if (deed === 'delete') return answer(api.DELETE('/api/v1/members/{id}', path))
    return answer(
      deed === 'disable'
        ? api.POST('/api/v1/members/{id}/disable', path)
        : api.POST('/api/v1/members/{id}/enable', path),
    )
  })

export type GivenRole = 'super_admin' | 'department_admin' | 'department_member'

export const useChangeMember = () =>
  useChange(({ id, ...body }: { id: string; role?: GivenRole; departmentId?: string }) =>
    answer(api.PUT('/api/v1/members/{id}', { params: { path: { id } }, body })),
  )

export const useCreateDepartment = () =>
  useChange((name: string) => answer(api.POST('/api/v1/departments', { body: { name } })))

export const useChangeDepartment = () =>
  useChange((given: { id: string; name: string } | { id: string; archive: true }) => {
    const path = { path: { id: given.id } }
    return answer<unknown>(
      'archive' in given
        ? api.POST('/api/v1/departments/{id}/archive', { params: path })
        : api.PUT('/api/v1/departments/{id}', { params: path, body: { name: given.name } }),
    )
  })
