/** What leads out of the studio is refused before a run begins, with the node and the field. */
import type { Plan } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createMember, plan } from '../bookkeeping/books.fixtures.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { checkOutside } from './check-outside.ts'

let db: Database
let kim: Awaited<ReturnType<typeof createMember>>
let stranger: typeof kim
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  const ledger = createLedger(db)
  kim = await createMember(db, ledger, 0n)
  stranger = await createMember(db, ledger, 0n)
  await db.webhookSecret.create({ data: { departmentId: kim.departmentId, name: 'mes', sealed: '-' } })
})
afterAll(() => db.$disconnect())

function planWith(type: string, params: Plan['nodes'][number]['params']): Plan {
  const [node] = plan.nodes
  if (!node) throw new Error('The plan of the fixtures has no node.')
  return { ...plan, nodes: [{ ...node, id: 'n', type, params }] }
}
const check = (type: string, params: Plan['nodes'][number]['params'], allowExternalMail = false) =>
  checkOutside(
    {
      db,
      allowExternalMail,
      webhookProblem: (url) => (url.includes('10.0.0.1') ? 'It leads inward.' : null),
    },
    { memberId: kim.id, departmentId: kim.departmentId, role: 'department_member' },
    planWith(type, params),
  )

test('what exists and is allowed passes', async () => {
  expect(await check('review', { reviewers: ` ${kim.loginId} ` })).toEqual([])
  expect(await check('review', { reviewers: '' })).toEqual([])
  expect(await check('notify', { to: `${kim.loginId}, ${stranger.email.toUpperCase()}` })).toEqual([])
  expect(await check('notify', { to: 'eve@elsewhere.org' }, true)).toEqual([])
  expect(await check('call-webhook', { url: 'https://a.example', secretName: 'mes' })).toEqual([])
})

test('what is not is named', async () => {
  const problems = [
    ...(await check('review', { reviewers: stranger.loginId })),
    ...(await check('notify', { to: 'eve@elsewhere.org' })),
    ...(await check('notify', { to: 'eve' }, true)),
    ...(await check('call-webhook', { url: 'https://10.0.0.1/', secretName: '' })),
    ...(await check('call-webhook', { url: 'https://a.example', secretName: 'erp' })),
  ]
  expect(problems.map(({ nodeId, field, message }) => [nodeId, field, message])).toEqual([
    ['n', 'reviewers', `Nobody of the department has the login id "${stranger.loginId}".`],
    ['n', 'to', '"eve@elsewhere.org" is no member of this studio.'],
    ['n', 'to', '"eve" is no member of this studio.'],
    ['n', 'url', 'It leads inward.'],
    ['n', 'secretName', 'Your department has no webhook secret "erp".'],
  ])
})
