/** Everybody who may call: with a token each, in two departments and beside them. */
import { randomUUID } from 'node:crypto'
import type { Role } from '@defect-studio/prisma'
import { keyScopes } from '../auth/key-scopes.ts'
import type { TestStudio } from '../studio.fixtures.ts'

/** The columns of the matrix, in their order. */
export const callers = [
  'nobody',
  'guest',
  'member',
  'other member',
  'admin',
  'other admin',
  'super admin',
  'key without',
  'key with',
  'worker',
] as const
export type CallerName = (typeof callers)[number]

export interface Person {
  memberId: string
  departmentId: string
  token: string
}

/**
 * `member` owns what is called own; `colleague`, of the same department, what is the department's; `stranger`, of the
 * other department, what is foreign.
 */
export type People = Awaited<ReturnType<typeof createPeople>>

export async function createPeople(studio: TestStudio) {
  const superToken = await studio.signInOwner()
  const make = async (loginId: string, role: Role, department: string): Promise<Person> => {
    const token = await studio.signInMember(loginId, role, department)
    const { id, departmentId } = await studio.db.member.findUniqueOrThrow({ where: { loginId } })
    return { memberId: id, departmentId, token }
  }
  const member = await make('member', 'department_member', 'Ours')
  const colleague = await make('colleague', 'department_member', 'Ours')
  const otherMember = await make('other-member', 'department_member', 'Theirs')
  const stranger = await make('stranger', 'department_member', 'Theirs')
  const admin = await make('admin', 'department_admin', 'Ours')
  const otherAdmin = await make('other-admin', 'department_admin', 'Theirs')
  const guest = await make('guest', 'guest', 'Ours')
  const worker = await studio.call('POST', '/api/v1/worker-tokens', {
    token: superToken,
    json: { name: 'host' },
  })
  const keys = new Map<string, string>()

  /** A key of the member's with these scopes alone; made once. */
  const keyWith = async (scopes: readonly string[]): Promise<string> => {
    const name = scopes.join(' ')
    const known = keys.get(name)
    if (known) return known
    const { body } = await studio.call('POST', '/api/v1/api-keys', {
      token: member.token,
      json: { name: randomUUID(), scopes },
    })
    keys.set(name, body.key)
    return body.key
  }

  const roles: Partial<Record<CallerName, [Role, string]>> = {
    member: ['department_member', 'Ours'],
    'other member': ['department_member', 'Theirs'],
    admin: ['department_admin', 'Ours'],
    'other admin': ['department_admin', 'Theirs'],
    'super admin': ['super_admin', 'My department'],
    guest: ['guest', 'Ours'],
  }

  return {
    member,
    colleague,
    stranger,
    superToken,
    workerToken: worker.body.token,
    /** Somebody like the caller, for what ends the own sessions; undefined where nobody is like it. */
    async double(caller: CallerName): Promise<string | undefined> {
      const like = roles[caller]
      return like && (await make(randomUUID().slice(0, 18), ...like)).token
    },
    /** @param scope the one that opens the route, as the matrix says; '-' where keys have no part in it. */
    async tokenOf(caller: CallerName, scope: string): Promise<string | undefined> {
      switch (caller) {
        case 'nobody':
          return undefined
        case 'guest':
          return guest.token
        case 'member':
          return member.token
        case 'other member':
          return otherMember.token
        case 'admin':
          return admin.token
        case 'other admin':
          return otherAdmin.token
        case 'super admin':
          return superToken
        case 'key without':
          return keyWith(keyScopes.filter((each) => each !== scope && each !== 'everything'))
        case 'key with':
          return keyWith([scope === 'any' || scope === '-' ? 'tokens:read' : scope])
        case 'worker':
          return worker.body.token
      }
    },
  }
}
