/** Runs that draw on their department's pool: what is asked for, what is charged, and many of them at once. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createMember, token } from './books.fixtures.ts'
import { failed, itemOf, openStudioBooks, succeeded } from './studio-books.fixtures.ts'

let studio: Awaited<ReturnType<typeof openStudioBooks>>
beforeAll(async () => {
  studio = await openStudioBooks()
})
afterAll(() => studio?.close())
afterEach(async () => expect(await studio.ledger.checkInvariants()).toEqual([]))

async function fill(departmentId: string, tokens: bigint): Promise<void> {
  const order = { departmentId, byMemberId: null }
  const amount = tokens * token
  await studio.ledger.issue({ idem: randomUUID(), expiresAt: null, amount, ...order })
  await studio.ledger.distributeAll({ idem: randomUUID(), to: [], pool: amount, ...order })
}

const spendable = async (member: { id: string; departmentId: string }) => {
  const { own, pool } = await studio.ledger.fundsOf({ memberId: member.id, ...member })
  return [own.available / token, pool.available / token]
}

test('a chunk takes what the member has and the rest from the pool, and is charged for what succeeded', async () => {
  const { member, runId } = await studio.begunRun(7n)
  await fill(member.departmentId, 10n)
  const items = Array.from({ length: 4 }, (_, at) => itemOf(at))
  const answers = await studio.prepare(runId, items)
  expect(answers.map(({ kind }) => kind)).toEqual(['held', 'held', 'held', 'refused'])
  expect(answers[3]).toMatchObject({ failure: { message: 'This step needs 5 tokens; 2 are available.' } })
  expect(await spendable(member)).toEqual([0n, 2n])
  await studio.settle(runId, [
    succeeded(0, await studio.made()),
    failed(1),
    succeeded(2, await studio.made('c.png')),
  ])
  expect(await spendable(member)).toEqual([0n, 7n])
})

test('a run that is cut short pays for what succeeded and gives both parts of the rest back', async () => {
  const { member, runId } = await studio.begunRun(3n)
  await fill(member.departmentId, 20n)
  await studio.prepare(
    runId,
    [0, 1, 2].map((at) => itemOf(at)),
  )
  await studio.settle(runId, [succeeded(1, await studio.made())])
  await studio.books.endRun({ runId, status: 'cancelled' })
  await studio.books.endRun({ runId, status: 'cancelled' })
  expect(await spendable(member)).toEqual([0n, 18n])
})

test('colleagues who work at once share the pool to the last token and never lock each other out', async () => {
  const first = await studio.begunRun(5n)
  const { departmentId } = first.member
  await fill(departmentId, 100n)
  const runs = [first]
  for (let more = 0; more < 5; more++)
    runs.push(await studio.anotherRun(await createMember(studio.db, studio.ledger, 5n, first.member)))
  const done = await Promise.all(
    runs.map(async ({ runId }) => {
      let made = 0
      for (let at = 0; at < 8; at++) {
        const [answer] = await studio.prepare(runId, [itemOf(at, `same ${at}`)])
        if (answer?.kind !== 'held') continue
        await studio.settle(runId, [at % 4 === 3 ? failed(at) : succeeded(at, await studio.made())])
        made += at % 4 === 3 ? 0 : 1
      }
      await studio.books.endRun({ runId, status: 'succeeded' })
      return made
    }),
  )
  const left = await Promise.all(runs.map(async ({ member }) => (await spendable(member))[0] ?? 0n))
  const pool = (await spendable(first.member))[1] ?? 0n
  const spent = BigInt(done.reduce((sum, made) => sum + made, 0)) * 5n
  expect(spent + pool + left.reduce((sum, own) => sum + own, 0n)).toBe(130n)
})
