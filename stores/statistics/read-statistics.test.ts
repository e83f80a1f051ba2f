/** What statistics add up to, from days, from sums of days that are over, and from transfers. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { closeUsage } from './close-usage.ts'
import { readRanks } from './read-ranks.ts'
import { readStatistics } from './read-statistics.ts'
import type { StatisticsScope } from './scope.ts'

let db: Database
let ledger: Ledger
const departments = [randomUUID(), randomUUID()] as const
const members = [randomUUID(), randomUUID(), randomUUID()] as const
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  ledger = createLedger(db)
  for (const [place, id] of departments.entries())
    await db.department.create({ data: { id, name: `Department ${place}` } })
  for (const [place, id] of members.entries())
    await db.member.create({
      data: {
        ...{
          id,
          loginId: `m${place}`,
          email: `m${place}@example.org`,
          name: `Member ${place}`,
          nickname: '-',
        },
        ...{ role: 'department_member', departmentId: departments[place % 2] ?? '' },
      },
    })
})
afterAll(() => db.$disconnect())
beforeEach(async () => {
  await db.$executeRaw`TRUNCATE "UsageDay", "UsageByTool", "UsageByMember"`
})

const today = Date.now()
const dayOf = (ago: number) => new Date(today - ago * 86_400_000).toISOString().slice(0, 10)
const piece = fc.record({
  ago: fc.nat({ max: 100 }),
  member: fc.nat({ max: 2 }),
  tool: fc.constantFrom('inpaint', 'upscale', 'clean-up'),
  model: fc.constantFrom('', 'starter', 'house'),
  uses: fc.nat({ max: 5 }),
  found: fc.nat({ max: 2 }),
  tokens: fc.bigInt(0n, 9_000_000n),
})
type Piece = typeof piece extends fc.Arbitrary<infer P> ? P : never

async function enter(pieces: readonly Piece[]): Promise<void> {
  for (const { ago, member, tool, model, uses, found, tokens } of pieces)
    await db.$executeRaw`
      SELECT count_usage(${members[member] ?? ''}::uuid, ${departments[member % 2] ?? ''}::uuid, ${JSON.stringify(
        [
          {
            day: dayOf(ago),
            tool,
            model,
            uses,
            images: uses * 2,
            found,
            tokens: Number(tokens),
            saved: found,
          },
        ],
      )}::jsonb)`
}

const sum = <T>(rows: readonly T[], of: (row: T) => number | bigint) =>
  rows.reduce((total, row) => total + Number(of(row)), 0)

test('sums of any period are the same from days and from what was summed up, and are what was entered', async () => {
  const ends = fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 }))
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25 }), ends, async (pieces, [one, other]) => {
      await db.$executeRaw`TRUNCATE "UsageDay", "UsageByTool", "UsageByMember"`
      await enter(pieces)
      const [from, to] = [dayOf(Math.max(one, other)), dayOf(Math.min(one, other))]
      const scopes: StatisticsScope[] = [
        { of: 'organisation' },
        { of: 'department', departmentId: departments[0] },
        { of: 'member', memberId: members[1] },
      ]
      const ask = async () => ({
        days: await Promise.all(scopes.map((of) => readStatistics(db, of, { from, to, by: 'day' }))),
        months: await Promise.all(scopes.map((of) => readStatistics(db, of, { from, to, by: 'month' }))),
        ranks: await readRanks(db, { from, to }, 10),
      })
      const before = await ask()
      await closeUsage(db)
      expect(await ask()).toEqual(before)
      await closeUsage(db)
      expect(await ask()).toEqual(before)

      const mine = pieces.filter(({ ago }) => from <= dayOf(ago) && dayOf(ago) <= to)
      const [all, department, member] = before.days
      expect(all?.totals.uses).toBe(sum(mine, ({ uses }) => uses))
      expect(department?.totals.tokens).toBe(
        BigInt(
          sum(
            mine.filter((row) => row.member % 2 === 0),
            (row) => row.tokens,
          ),
        ),
      )
      expect(member?.totals.found).toBe(
        sum(
          mine.filter((row) => row.member === 1),
          (row) => row.found,
        ),
      )
      for (const { series, tools, totals } of [...before.days, ...before.months])
        for (const lines of [series, tools] as { uses: number; images: number }[][])
          expect([sum(lines, ({ uses }) => uses), sum(lines, ({ images }) => images)]).toEqual([
            totals.uses,
            totals.images,
          ])
      for (const people of [before.ranks.members, before.ranks.departments])
        expect(sum(people, ({ tokens }) => tokens)).toBe(Number(all?.totals.tokens))
    }),
    { numRuns: 12 },
  )
}, 60_000)

test('a use is a piece of work: a hundred of one day are a hundred', async () => {
  await enter(Array.from({ length: 100 }, () => ({ ...plain, uses: 1 })))
  const { totals, series } = await readStatistics(
    db,
    { of: 'member', memberId: members[0] },
    { from: dayOf(1), to: dayOf(0), by: 'day' },
  )
  expect(totals.uses).toBe(100)
  expect(series).toHaveLength(2)
})

const plain: Piece = { ago: 0, member: 0, tool: 'inpaint', model: '', uses: 0, found: 0, tokens: 0n }

test('what was issued, given, taken back, refunded and lost comes from the transfers, for whoever it concerns', async () => {
  const departmentId = departments[0]
  const memberId = members[0]
  const token = 1_000_000n
  const keys = () => ({ idem: randomUUID(), byMemberId: null })
  const expiresAt = new Date(Date.now() + 3_600_000)
  await ledger.issue({ ...keys(), departmentId, amount: 100n * token, expiresAt })
  await ledger.issue({ ...keys(), departmentId: departments[1], amount: 7n * token, expiresAt: null })
  const to = [{ memberId, amount: 30n * token }]
  await ledger.distributeAll({ ...keys(), departmentId, to, pool: 20n * token })
  await ledger.revoke({ ...keys(), departmentId, memberId, amount: 5n * token })
  const order = { idem: randomUUID(), memberId, departmentId, amount: 28n * token }
  const held = await ledger.hold({ ...order, runId: randomUUID(), nodeId: 'n' })
  if (!held.ok) throw new Error('too few')
  await ledger.capture({ holdId: held.holdId, amount: 28n * token })
  await ledger.refund({ idem: randomUUID(), holdId: held.holdId, amount: 4n * token })
  await db.lot.updateMany({ where: { expiresAt }, data: { expiresAt: new Date(Date.now() - 1000) } })
  await ledger.expire()
  const period = { from: dayOf(1), to: dayOf(0), by: 'day' as const }
  const of = async (scope: StatisticsScope) => {
    const { issued, distributed, revoked, refunded, expired } = (await readStatistics(db, scope, period))
      .totals
    return [issued, distributed, revoked, refunded, expired].map((micro) => micro / token)
  }
  // 55 of the department, 20 of the pool (3 were spent and came back), 1 of the member.
  expect(await of({ of: 'organisation' })).toEqual([107n, 50n, 5n, 4n, 76n])
  expect(await of({ of: 'department', departmentId })).toEqual([100n, 50n, 5n, 4n, 76n])
  expect(await of({ of: 'member', memberId })).toEqual([0n, 30n, 5n, 4n, 1n])
  expect(await of({ of: 'department', departmentId: departments[1] })).toEqual([7n, 0n, 0n, 0n, 0n])
})

test('days are those of the organisation, also where the clock changes', async () => {
  await db.setting.create({ data: { key: 'timeZone', value: 'America/New_York' } })
  const [row] = await db.$queryRaw<{ days: string[] }[]>`
    SELECT ARRAY[usage_day('2026-03-08T04:59:59Z')::text, usage_day('2026-03-08T05:00:00Z')::text,
      usage_day('2026-03-09T03:59:59Z')::text, usage_day('2026-03-09T04:00:00Z')::text] AS "days"`
  expect(row?.days).toEqual(['2026-03-07', '2026-03-08', '2026-03-08', '2026-03-09'])
  await db.setting.update({ where: { key: 'timeZone' }, data: { value: 'Not/There' } })
  const { timeZone } = await readStatistics(
    db,
    { of: 'organisation' },
    { from: dayOf(0), to: dayOf(0), by: 'day' },
  )
  expect(timeZone).toBe('UTC')
  await db.setting.deleteMany()
})
