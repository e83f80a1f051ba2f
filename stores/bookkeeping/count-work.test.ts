/** Days of members say what was made, exactly: after random histories they equal a recount of every piece of work. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ItemEndEntry, PlannedNode } from '@defect-studio/nodes'
import { plan } from './books.fixtures.ts'
import { failed, itemOf, openStudioBooks, succeeded } from './studio-books.fixtures.ts'

let studio: Awaited<ReturnType<typeof openStudioBooks>>
beforeAll(async () => {
  studio = await openStudioBooks()
  await studio.db.setting.create({ data: { key: 'timeZone', value: 'Pacific/Kiritimati' } })
})
afterAll(() => studio?.close())

const paint = plan.nodes.find(({ id }) => id === 'paint') ?? stop()
const again: PlannedNode = { ...paint, id: 'again', model: 'starter', price: 2 }
const pinned: PlannedNode = { ...paint, id: 'pinned', pinned: {} }
const nodes = [...plan.nodes, again, pinned]

const which = fc.constantFrom('paint', 'again', 'load', 'pinned')
const index = fc.nat({ max: 3 })
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('prepare' as const), run: index, which, recipe: index }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('settle' as const), run: index, which, fails: fc.boolean() }),
  },
  fc.record({ do: fc.constant('end' as const), run: index }),
)

test('every piece of work is counted once, whatever is sent twice, found, failed or cut short', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      const first = await studio.begunRun(60n, { nodes })
      const runs = [first.runId]
      for (let more = 0; more < 3; more++) runs.push((await studio.anotherRun(first.member, { nodes })).runId)
      for (const next of steps) {
        const runId = runs[next.run] ?? ''
        if (next.do === 'end') {
          await studio.books.endRun({ runId, status: 'cancelled' })
          continue
        }
        const nodeId = next.which
        const price = nodeId === 'paint' ? 5 : nodeId === 'again' ? 2 : 0
        if (next.do === 'prepare') {
          const items = [0, 1].map((at) => itemOf(at, `${nodeId} ${next.recipe} ${at}`))
          await studio.prepare(runId, items, { nodeId, price })
          continue
        }
        const open = await studio.db.nodeRunItem.findMany({ where: { runId, nodeId, state: 'running' } })
        const ends: ItemEndEntry[] = []
        for (const { index } of open)
          ends.push(next.fails && index === 1 ? failed(index) : succeeded(index, await studio.made()))
        if (ends.length === 0 && price > 0) continue
        const last = ends.length > 0 ? ends : [succeeded(0, await studio.made())]
        await Promise.all([1, 2].map(() => studio.settle(runId, last, { nodeId, price })))
      }
      expect(await counted(first.member.id)).toEqual(await recounted(first.member.id))
    }),
    { numRuns: 15 },
  )
}, 120_000)

test('runs of one member at once neither lose a piece of work nor meet crosswise', async () => {
  const { member } = await studio.begunRun(10_000n, { nodes })
  const runs = await Promise.all(
    Array.from({ length: 8 }, async () => (await studio.anotherRun(member, { nodes })).runId),
  )
  await Promise.all(
    runs.map(async (runId, place) => {
      const order = place % 2 === 0 ? ['paint', 'again'] : ['again', 'paint']
      for (const nodeId of order) {
        const price = nodeId === 'paint' ? 5 : 2
        const items = Array.from({ length: 20 }, (_, at) => itemOf(at))
        await studio.prepare(runId, items, { nodeId, price })
        for (let at = 0; at < 20; at += 5)
          await studio.settle(
            runId,
            await Promise.all(
              items.slice(at, at + 5).map(async ({ index }) => succeeded(index, await studio.made())),
            ),
            { nodeId, price },
          )
      }
    }),
  )
  expect(await counted(member.id)).toMatchObject([
    { model: '', uses: 160, images: 160, tokens: 800_000_000n },
    { model: 'starter', uses: 160, images: 160, tokens: 320_000_000n },
  ])
})

async function counted(memberId: string) {
  const rows = await studio.db.usageDay.findMany({ where: { memberId }, orderBy: { model: 'asc' } })
  return rows.map(({ day, tool, model, uses, images, found, tokens, saved }) => ({
    ...{ day: day.toISOString().slice(0, 10), tool, model, uses, images, found, tokens, saved },
  }))
}

/** From the pieces of work themselves, the way one would count by hand. */
async function recounted(ownerId: string) {
  const items = await studio.db.nodeRunItem.findMany({
    where: { nodeRun: { run: { ownerId } }, state: { in: ['succeeded', 'cached'] } },
  })
  const days = new Map<string, Awaited<ReturnType<typeof counted>>[number]>()
  for (const { nodeId, state, endedAt, outputs, cost, saved } of items) {
    const node = nodes.find(({ id }) => id === nodeId)
    if (!node || node.type !== 'image-to-image' || node.pinned || !endedAt) continue
    // 14 hours ahead of UTC, in summer and in winter.
    const day = new Date(endedAt.getTime() + 14 * 3_600_000).toISOString().slice(0, 10)
    const model = node.model ?? ''
    const empty = { uses: 0, images: 0, found: 0, tokens: 0n, saved: 0n }
    const row = days.get(day + model) ?? { day, tool: node.type, model, ...empty }
    days.set(day + model, row)
    const isMade = state === 'succeeded'
    row.uses += isMade ? 1 : 0
    row.found += isMade ? 0 : 1
    row.images += isMade && outputs && typeof outputs === 'object' && 'image' in outputs ? 1 : 0
    row.tokens += cost
    row.saved += saved
  }
  return [...days.values()].sort((a, b) => (a.model < b.model ? -1 : 1))
}

function stop(): never {
  throw new Error('The plan has no such node.')
}
