/** Finds what people name as they know it: a member by the login id, a department by its name; either by the id. */
import { type StudioClient, unwrap } from './connection.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function memberId(client: StudioClient, named: string): Promise<string> {
  if (uuid.test(named)) return named
  const loginId = named.trim().toLowerCase()
  let cursor: string | undefined
  do {
    const query = { search: loginId, limit: 100, ...(cursor ? { cursor } : {}) }
    const page = unwrap(await client.GET('/api/v1/members', { params: { query } }))
    const found = page.items.find((member) => member.loginId === loginId)
    if (found) return found.id
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  throw new CommandError(
    exitCodes.refused,
    `There is no member with the login id "${loginId}". See "members list".`,
  )
}

export async function departmentId(client: StudioClient, named: string): Promise<string> {
  if (uuid.test(named)) return named
  const name = named.normalize('NFC').trim().toLowerCase()
  for (const archived of ['false', 'true'] as const) {
    let cursor: string | undefined
    do {
      const query = { archived, limit: 100, ...(cursor ? { cursor } : {}) }
      const page = unwrap(await client.GET('/api/v1/departments', { params: { query } }))
      const found = page.items.find((department) => department.name.toLowerCase() === name)
      if (found) return found.id
      cursor = page.nextCursor ?? undefined
    } while (cursor)
  }
  throw new CommandError(exitCodes.refused, `There is no department "${named}". See "departments list".`)
}
