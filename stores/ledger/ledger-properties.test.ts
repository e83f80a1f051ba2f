/** Random histories on a real PostgreSQL: the ledger agrees with a simple model, and keeps its promises, after each step. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type AccountKind, type Database } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { LedgerModel } from './ledger-model.ts'
import type { Ledger } from './ledger.ts'
import { createLedger } from './postgres-ledger.ts'

let db: Database
let ledger: Ledger
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  ledger = createLedger(db)
})
afterAll(() => db.$disconnect())

const eras = [0, 1, 2]
const amount = fc.bigInt({ min: 1n, max: 100n })
const member = fc.nat({ max: 1 })
const era = fc.constantFrom(...eras, Infinity)
const pick = fc.nat({ max: 30 })
const step = fc.oneof(
  fc.record({ do: fc.constant('issue' as const), amount, era }),
  fc.record({ do: fc.constant('distribute' as const), member, amount }),
  fc.record({ do: fc.constant('share' as const), amount, also: fc.option(member) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), member, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('capture' as const), pick, amount: fc.bigInt(0n, 100n) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), pick }) },
  fc.record({ do: fc.constant('revoke' as const), member: fc.option(member), amount }),
  fc.record({ do: fc.constant('refund' as const), pick, amount }),
  fc.record({ do: fc.constant('pass' as const), era: fc.constantFrom(...eras) }),
  fc.record({ do: fc.constant('expire' as const) }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

test('the ledger agrees with the model after every step of any history', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), replay), { numRuns: 25 })
}, 300_000)

async function replay(steps: Step[]): Promise<void> {
  const world = await createWorld()
  await world.take({ do: 'issue', amount: 150n, era: 1 })
  await world.take({ do: 'distribute', member: 0, amount: 70n })
  await world.take({ do: 'share', amount: 50n, also: null })
  for (const next of steps) {
    await world.take(next)
    await world.compare()
    expect(await ledger.checkInvariants()).toEqual([])
  }
  await world.end()
}

async function createWorld() {
  const model = new LedgerModel()
  const departmentId = randomUUID()
  const members = [randomUUID(), randomUUID()]
  const house = await houseBalances()
  // Eras stand for dates far ahead, unlike in every history, so that time passes only when a step says so.
  const dates = new Map(
    eras.map((number) => [number, new Date(Date.UTC(2100 + number, 0, 1, 0, 0, 0, dateSalt()))]),
  )
  const idOf = new Map<string, string>()
  const chosen = (index: number) => model.holds[index % Math.max(1, model.holds.length)]

  return {
    async take(next: Step): Promise<void> {
      const idem = randomUUID()
      switch (next.do) {
        case 'issue': {
          const expiresAt = dates.get(next.era) ?? null
          const order = { idem, departmentId, amount: next.amount, byMemberId: null }
          await ledger.issue({ ...order, expiresAt })
          model.issue('department', next.amount, next.era)
          // A lot that came after its era had passed has expired as well.
          await this.take({ do: 'pass', era: -1 })
          return
        }
        case 'distribute': {
          const memberId = members[next.member] ?? ''
          const answer = await ledger.distribute({
            idem,
            departmentId,
            memberId,
            amount: next.amount,
            byMemberId: null,
          })
          const short = model.distribute('department', memberId, next.amount)
          expect(answer).toEqual(short === null ? { ok: true } : { ok: false, available: short })
          return
        }
        case 'share': {
          const to =
            next.also === null ? [] : [{ memberId: members[next.also] ?? '', amount: next.amount / 2n + 1n }]
          const order = { idem, departmentId, to, pool: next.amount, byMemberId: null }
          const answer = await ledger.distributeAll(order)
          const needed = to.reduce((sum, { amount }) => sum + amount, next.amount)
          const { available } = model.balanceOf('department')
          expect(answer).toEqual(available >= needed ? { ok: true } : { ok: false, available })
          if (!answer.ok) return
          for (const { memberId, amount } of to) model.distribute('department', memberId, amount)
          model.distribute('department', 'pool', next.amount)
          expect(await ledger.distributeAll(order)).toEqual({ ok: true })
          return
        }
        case 'revoke': {
          const memberId = next.member === null ? null : (members[next.member] ?? '')
          const order = { idem, departmentId, memberId, amount: next.amount, byMemberId: null }
          const short = model.revoke(memberId ?? 'pool', 'department', next.amount)
          const answer = await ledger.revoke(order)
          expect(answer).toEqual(short === null ? { ok: true } : { ok: false, available: short })
          if (answer.ok) expect(await ledger.revoke(order)).toEqual({ ok: true })
          return
        }
        case 'refund': {
          const hold = chosen(next.pick)
          const holdId = hold === undefined ? undefined : idOf.get(hold)
          if (hold === undefined || holdId === undefined) return
          const order = { idem, holdId, amount: next.amount }
          const answer = await ledger.refund(order).then(
            () => true,
            () => false,
          )
          expect(answer).toBe(model.refund(hold, next.amount))
          if (answer) await ledger.refund(order)
          return
        }
        case 'hold': {
          const memberId = members[next.member] ?? ''
          const order = {
            idem,
            memberId,
            departmentId,
            amount: next.amount,
            runId: randomUUID(),
            nodeId: 'n',
          }
          const answer = await ledger.hold(order)
          const short = model.hold(idem, memberId, next.amount, 'pool')
          if (answer.ok) {
            expect(short).toBeNull()
            idOf.set(idem, answer.holdId)
            expect(await ledger.hold(order)).toEqual(answer)
          } else expect(answer.available).toBe(short)
          return
        }
        case 'capture': {
          const hold = chosen(next.pick)
          const holdId = hold === undefined ? undefined : idOf.get(hold)
          if (hold === undefined || holdId === undefined) return
          const answer = await ledger.capture({ holdId, amount: next.amount }).then(
            () => true,
            () => false,
          )
          expect(answer).toBe(model.capture(hold, next.amount))
          return
        }
        case 'release': {
          const hold = chosen(next.pick)
          const holdId = hold === undefined ? undefined : idOf.get(hold)
          if (hold === undefined || holdId === undefined) return
          await ledger.release({ holdId })
          model.release(hold)
          return
        }
        case 'pass': {
          model.pass(next.era)
          for (const [number, date] of dates)
            if (number <= model.now)
              await db.lot.updateMany({
                where: { expiresAt: date },
                data: { expiresAt: new Date(Date.UTC(2000 + number)) },
              })
          return
        }
        case 'expire':
          expect((await ledger.expire()).amount).toBe(model.expire())
      }
    },

    async compare(): Promise<void> {
      const holders = [
        { kind: 'department' as const, id: departmentId, name: 'department' },
        { kind: 'pool' as const, id: departmentId, name: 'pool' },
        ...members.map((id) => ({ kind: 'member' as const, id, name: id })),
      ]
      for (const { kind, id, name } of holders) {
        expect(await ledger.balanceOf({ kind, id })).toEqual(model.balanceOf(name))
        expect(await erasOf(kind, id)).toEqual(model.erasOf(name))
      }
      const now = await houseBalances()
      expect(now.revenue - house.revenue).toBe(model.revenue)
      expect(now.expired - house.expired).toBe(model.expired)
    },

    /** Leaves nothing that a later history could expire. */
    async end(): Promise<void> {
      for (const holdId of idOf.values()) await ledger.release({ holdId })
      await ledger.expire()
    },
  }
}

/** The lots of one holder, summed by the era that their date stands for. */
async function erasOf(kind: AccountKind, holderId: string): Promise<string[]> {
  const lots = await db.lot.findMany({ where: { account: { kind, holderId }, remaining: { gt: 0n } } })
  const sums = new Map<number, { remaining: bigint; held: bigint }>()
  for (const { expiresAt, remaining, held } of lots) {
    const era = expiresAt === null ? Infinity : expiresAt.getUTCFullYear() % 100
    const sum = sums.get(era) ?? { remaining: 0n, held: 0n }
    sums.set(era, { remaining: sum.remaining + remaining, held: sum.held + held })
  }
  return [...sums].map(([era, { remaining, held }]) => `${era}: ${remaining}/${held}`).sort()
}

let salt = 0
function dateSalt(): number {
  return (salt += 1)
}

async function houseBalances(): Promise<{ revenue: bigint; expired: bigint }> {
  const sums = await db.account.groupBy({
    by: ['kind'],
    where: { kind: { in: ['revenue', 'expired'] } },
    _sum: { posted: true },
  })
  const of = (kind: string) => sums.find((sum) => sum.kind === kind)?._sum.posted ?? 0n
  return { revenue: of('revenue'), expired: of('expired') }
}
