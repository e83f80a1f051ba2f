/** Statistics over HTTP: who may see whose, and what they say. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ranks, Statistics } from '../shapes/statistics.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let owner: string
let admin: string
let member: string
let departmentId: string
beforeAll(async () => {
  studio = await startTestStudio()
  owner = await studio.signInOwner()
  admin = await studio.signInMember('admin', 'department_admin', 'Press shop')
  member = await studio.signInMember('member', 'department_member', 'Press shop')
  const { id: memberId, ...row } = await studio.db.member.findFirstOrThrow({ where: { loginId: 'member' } })
  departmentId = row.departmentId
  const common = { memberId, departmentId, uses: 3, images: 5, tokens: 5_000_000n, saved: 1_000_000n }
  await studio.db.usageDay.createMany({
    data: [
      { ...common, day: new Date('2026-03-01'), tool: 'draw-defect' },
      { ...common, day: new Date('2026-03-02'), tool: 'text-to-image', model: 'starter' },
      { ...common, day: new Date('2026-04-01'), tool: 'text-to-image', model: 'starter' },
    ],
  })
})
afterAll(() => studio.close())

const march = 'from=2026-03-01&to=2026-03-31'
const ask = (token: string, query: string) => studio.call('GET', `/api/v1/statistics${query}`, { token })
const read = async (token: string, query: string) => Statistics.parse((await ask(token, query)).body)

test('a member sees sums, days, tools and models of the own work', async () => {
  const body = await read(member, `?${march}`)
  expect(body.totals).toMatchObject({ uses: 6, images: 10, tokens: 10, saved: 2 })
  expect(body.series).toHaveLength(31)
  expect(body.series[1]).toMatchObject({ bucket: '2026-03-02', uses: 3, tokens: 5 })
  expect(body.tools).toMatchObject([{ name: 'draw-defect' }, { name: 'text-to-image' }])
  expect(body.models).toMatchObject([{ name: 'starter', uses: 3 }])
  const months = await read(member, '?from=2026-03-01&to=2026-04-30&by=month')
  expect(months.series).toMatchObject([
    { bucket: '2026-03', uses: 6 },
    { bucket: '2026-04', uses: 3 },
  ])
})

test('administrators see their department, super admins everything; others are refused', async () => {
  for (const [token, of] of [
    [admin, 'of=department'],
    [owner, 'of=organisation'],
    [owner, `of=department&departmentId=${departmentId}`],
  ] as const)
    expect((await read(token, `?${of}&${march}`)).totals.uses, of).toBe(6)
  expect((await ask(member, '?of=department')).status).toBe(403)
  expect((await ask(admin, '?of=organisation')).status).toBe(403)
  const own = await studio.db.member.findFirstOrThrow({ where: { loginId: 'owner' } })
  expect((await ask(admin, `?of=department&departmentId=${own.departmentId}`)).status).toBe(404)
  expect((await ask(admin, `?memberId=${own.id}`)).status).toBe(404)
  const ranks = Ranks.parse((await ask(owner, `/ranks?${march}`)).body)
  expect(ranks.members).toMatchObject([{ name: 'member', uses: 6, departmentName: 'Press shop' }])
})

test('as CSV there is a line for each day', async () => {
  const answer = await fetch(`${studio.url}/api/v1/statistics.csv?${march}`, {
    headers: { authorization: `Bearer ${member}` },
  })
  const lines = (await answer.text()).trim().split(/\r?\n/)
  expect(lines).toHaveLength(32)
  expect(lines[0]).toMatch(/^.?bucket,uses,images/)
  expect(lines[2]).toMatch(/^2026-03-02,3,5/)
})

test.each([
  ['?from=2026-03-02&to=2026-03-01', 'from'],
  ['?from=1990-01-01&to=2026-03-01', 'from'],
  ['?from=2026-02-30', 'from'],
])('%s is refused and the field is named', async (query, field) => {
  const { status, body } = await ask(member, query)
  expect([status, body.problems[0]?.field]).toEqual([422, field])
})
