/** Whoever has tokens that expire soon hears of it once a week before, and once a day before. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createMember, token } from '../bookkeeping/books.fixtures.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { tellExpiring } from './tell-expiring.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterAll(() => db.$disconnect())

const day = 86_400_000

test('a member is told once for each threshold, with the amount and the last day', async () => {
  const ledger = createLedger(db)
  const { id: memberId, departmentId } = await createMember(db, ledger, 0n)
  const give = async (idem: string, amount: bigint, days: number) => {
    const order = { departmentId, amount: amount * token, byMemberId: null }
    await ledger.issue({ ...order, idem, expiresAt: new Date(Date.now() + days * day) })
    await ledger.distribute({ ...order, idem: `${idem} given`, memberId })
  }
  await give('soon', 5n, 6)
  await give('later', 7n, 30)
  const mails = () => db.outgoingMail.findMany({ orderBy: { createdAt: 'asc' } })
  expect(await tellExpiring(db, 'https://studio.example')).toBe(1)
  expect(await tellExpiring(db, 'https://studio.example')).toBe(0)
  const [mail] = await mails()
  expect(mail?.subject).toMatch(/5/)
  expect(mail?.text).toContain('https://studio.example/tokens')
  await db.lot.updateMany({
    where: { account: { kind: 'member' }, granted: 5n * token },
    data: { expiresAt: new Date(Date.now() + day / 2) },
  })
  expect(await tellExpiring(db, null)).toBe(1)
  expect(await tellExpiring(db, null)).toBe(0)
  expect(await mails()).toHaveLength(2)
})
