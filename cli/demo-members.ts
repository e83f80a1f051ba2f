/** The people of the demo: they sign up, show the code that they were mailed, and are approved, as people are. */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { connect, findAddress, type StudioClient, unwrap } from './connection.ts'
import { CommandError, exitCodes } from './exit-codes.ts'

export const demoDepartments = ['Press shop', 'Paint line'] as const

const people = [
  { loginId: 'demo-kim', name: '김하늘', department: 'Press shop', role: 'department_admin', language: 'ko' },
  {
    loginId: 'demo-lee',
    name: '이서준',
    department: 'Press shop',
    role: 'department_member',
    language: 'ko',
  },
  {
    loginId: 'demo-ada',
    name: 'Ada Moor',
    department: 'Paint line',
    role: 'department_member',
    language: 'en',
  },
] as const

export interface DemoMember {
  loginId: string
  role: string
  /** Null for one who was there before. */
  password: string | null
}

/** @throws CommandError where mails leave the studio: nobody here could read the codes. */
export async function addDemoMembers(client: StudioClient): Promise<DemoMember[]> {
  const { items } = unwrap(
    await client.GET('/api/v1/members', { params: { query: { limit: 100, search: 'demo-' } } }),
  )
  const { departments } = unwrap(await client.GET('/api/v1/sign-ups/options'))
  const made: DemoMember[] = []
  for (const person of people) {
    const { loginId, role } = person
    if (items.some((member) => member.loginId === loginId)) {
      made.push({ loginId, role, password: null })
      continue
    }
    const departmentId = departments.find(({ name }) => name === person.department)?.id
    if (!departmentId)
      throw new CommandError(
        exitCodes.refused,
        'People may not sign up here, so the demo cannot make its members. Open sign-up in the settings of the organisation while it is loaded.',
      )
    made.push({ loginId, role, password: await addMember(client, person, departmentId) })
  }
  return made
}

async function addMember(
  client: StudioClient,
  { loginId, name, role, language }: (typeof people)[number],
  departmentId: string,
): Promise<string> {
  const password = `demo-${randomBytes(9).toString('base64url')}1`
  const email = `${loginId}@example.com`
  const guest = connect(await findAddress(process.env), null)
  const body = { loginId, name, password, email, departmentId, language }
  const old = new Set(unwrap(await client.GET('/api/v1/mails')).items.map((mail) => mail.id))
  const { id } = unwrap(await guest.POST('/api/v1/sign-ups', { body }))
  const code = await readCode(client, email, old)
  unwrap(await guest.POST('/api/v1/sign-ups/{id}/verify', { params: { path: { id } }, body: { code } }))
  const query = { limit: 10, search: loginId }
  const { items } = unwrap(await client.GET('/api/v1/members', { params: { query } }))
  const member = items.find((each) => each.loginId === loginId)
  if (!member)
    throw new CommandError(exitCodes.refused, `${loginId} signed up and is not in the list of members.`)
  const decisions = [{ memberId: member.id, approve: true as const, role }]
  unwrap(await client.POST('/api/v1/members/decisions', { body: { decisions } }))
  return password
}

/** Of the mails that a studio without a mail server keeps; one is there within a second or two. */
async function readCode(client: StudioClient, email: string, old: ReadonlySet<string>): Promise<string> {
  for (let look = 0; look < 40; look++) {
    const { items } = unwrap(await client.GET('/api/v1/mails'))
    for (const { id } of items.filter((mail) => !old.has(mail.id) && mail.to.join().includes(email))) {
      const { text } = unwrap(await client.GET('/api/v1/mails/{id}', { params: { path: { id } } }))
      const code = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(text)?.[0]
      if (code) return code
    }
    await wait(250)
  }
  throw new CommandError(exitCodes.refused, `No code came for ${email} within ten seconds.`)
}
