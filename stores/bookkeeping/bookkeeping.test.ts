/** The books on a real PostgreSQL: every entry once, whatever comes twice, together, or too late. */
import { Plan, type BookEntry } from '@defect-studio/nodes'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { formatTokens } from '../ledger/format-tokens.ts'
import { outputsWith, picture, plan, token } from './books.fixtures.ts'
import { failed, itemOf, openStudioBooks, succeeded } from './studio-books.fixtures.ts'

let studio: Awaited<ReturnType<typeof openStudioBooks>>
beforeAll(async () => {
  studio = await openStudioBooks()
})
afterAll(() => studio.close())
afterEach(async () => expect(await studio.ledger.checkInvariants()).toEqual([]))

const ten = <T>(send: () => Promise<T>) => Promise.all(Array.from({ length: 10 }, send))
const holdOf = (prepared: { kind: string; holdId?: string | null } | undefined) =>
  prepared?.kind === 'held' ? (prepared.holdId ?? null) : null

test('a run goes from its plan to its end, is paid for, and tells of every step', async () => {
  const { member, runId, balance } = await studio.begunRun()
  await studio.write(runId, { kind: 'mark', nodeId: 'paint', state: 'running', itemsTotal: 2 })
  const images = [picture(), picture()]
  for (const [index, image] of images.entries()) {
    await studio.prepare(runId, [itemOf(index)])
    expect((await balance()).pending).toBe(5n * token)
    await studio.settle(runId, [succeeded(index, outputsWith(image))])
  }
  await studio.write(runId, { kind: 'mark', nodeId: 'paint', state: 'succeeded', itemsTotal: 2 })
  await studio.books.endRun({ runId, status: 'succeeded' })

  expect(await balance()).toEqual({ posted: 10n * token, pending: 0n, available: 10n * token })
  expect(await studio.nodeRun(runId)).toMatchObject({
    state: 'succeeded',
    itemsDone: 2,
    itemsTotal: 2,
    cost: 10n * token,
  })
  expect(await studio.item(runId)).toMatchObject({ state: 'succeeded', worker: 'gpu-1', cost: 5n * token })
  for (const { key: artifactKey } of images)
    expect(await studio.db.artifactGrant.findMany({ where: { artifactKey } })).toMatchObject([
      { memberId: member.id, departmentId: member.departmentId },
    ])
  const log = await studio.db.runEventLog.findMany({ where: { runId }, orderBy: { id: 'asc' } })
  const told = log.map(({ body }) => {
    const { type, status, nodeId, state, itemsDone } = body as Record<string, string>
    return type === 'run-status' ? status : `${nodeId} ${state} ${itemsDone}`
  })
  expect(told).toEqual([
    'running',
    'paint running 0',
    'paint running 0',
    'paint running 1',
    'paint running 1',
    'paint running 2',
    'paint succeeded 2',
    'load skipped 0',
    'other skipped 0',
    'save skipped 0',
    'succeeded',
  ])
})

test('settling one node and preparing the next travel in one call, whose answers keep the order', async () => {
  const { runId, balance } = await studio.begunRun()
  await studio.prepare(runId, [itemOf(0)])
  const entries: BookEntry[] = [
    { kind: 'settle', nodeId: 'paint', price: 5, items: [succeeded(0, outputsWith(picture()))] },
    { kind: 'mark', nodeId: 'paint', state: 'succeeded', itemsTotal: 1 },
    { kind: 'prepare', nodeId: 'save', price: 0, lookUp: false, items: [itemOf(0)] },
    { kind: 'prepare', nodeId: 'other', price: 2, lookUp: false, items: [itemOf(0)] },
  ]
  const answers = await studio.write(runId, ...entries)
  expect(answers).toMatchObject([
    { kind: 'written' },
    { kind: 'written' },
    { kind: 'prepared', items: [{ kind: 'held', holdId: null }] },
    { kind: 'prepared', items: [{ kind: 'held', holdId: expect.any(String) }] },
  ])
  expect(await studio.write(runId, ...entries)).toEqual(answers)
  expect(await balance()).toEqual({ posted: 15n * token, pending: 2n * token, available: 13n * token })
})

test('every entry may be sent ten times at once and is written once', async () => {
  const { runId, balance } = await studio.begunRun()
  const begun = await ten(() => studio.books.beginRun({ runId }))
  expect(new Set(begun.map((one) => JSON.stringify(one))).size).toBe(1)
  expect(await studio.books.readRun({ runId })).toEqual(begun[0])
  const holds = (await ten(() => studio.prepare(runId, [itemOf(0)]))).map(([one]) => holdOf(one))
  expect(new Set(holds).size).toBe(1)
  expect(holds[0]).toEqual(expect.any(String))
  const outputs = outputsWith(picture())
  await ten(() => studio.settle(runId, [succeeded(0, outputs)]))
  await ten(() => studio.settle(runId, [{ index: 0, state: 'cancelled' }]))
  await ten(() => studio.books.endRun({ runId, status: 'succeeded' }))
  expect(await balance()).toEqual({ posted: 15n * token, pending: 0n, available: 15n * token })
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 1, itemsFailed: 0, cost: 5n * token })
  expect(await studio.incidents(runId)).toBe(0)
})

test('an item that was settled is not worked on again: its outputs are handed back', async () => {
  const { runId } = await studio.begunRun()
  const outputs = outputsWith(picture())
  await studio.prepare(runId, [itemOf(0)])
  await studio.settle(runId, [succeeded(0, outputs)])
  expect(await studio.prepare(runId, [itemOf(0)])).toEqual([{ kind: 'done', outputs, cached: false }])
})

test('fifty items have one hold, which is captured for what succeeded when the last of them has ended', async () => {
  const { runId, balance } = await studio.begunRun(300n)
  const items = Array.from({ length: 50 }, (_, index) => itemOf(index))
  const holds = new Set((await studio.prepare(runId, items)).map(holdOf))
  expect(holds.size).toBe(1)
  expect((await balance()).pending).toBe(250n * token)
  const ends = items.map(({ index }) =>
    index % 5 === 0 ? failed(index) : succeeded(index, outputsWith(picture())),
  )
  await studio.settle(runId, ends.slice(0, 49))
  expect(await balance()).toMatchObject({ posted: 300n * token, pending: 250n * token })
  await studio.settle(runId, ends.slice(49))
  expect(await balance()).toEqual({ posted: 100n * token, pending: 0n, available: 100n * token })
  expect(await studio.nodeRun(runId)).toMatchObject({
    itemsDone: 40,
    itemsFailed: 10,
    itemsTotal: 40,
    cost: 200n * token,
  })
})

test('a hold of which nothing succeeded goes back whole', async () => {
  const { runId, balance } = await studio.begunRun()
  await studio.prepare(runId, [itemOf(0), itemOf(1)])
  await studio.settle(runId, [failed(0), { index: 1, state: 'cancelled' }])
  expect(await balance()).toEqual({ posted: 20n * token, pending: 0n, available: 20n * token })
  expect(await studio.item(runId)).toMatchObject({ state: 'failed', failure: { type: 'out-of-memory' } })
})

test('many items of one member at once never deadlock, and cost what they cost', async () => {
  const { runId, member, balance } = await studio.begunRun(500n)
  const second = (await studio.anotherRun(member)).runId
  const shared = picture()
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const run = index % 2 ? runId : second
      const nodeId = index % 4 > 1 ? 'paint' : 'save'
      await studio.prepare(run, [itemOf(index, `same ${index % 7} of ${nodeId}`)], { nodeId, lookUp: false })
      if (index % 3 === 0) return studio.settle(run, [failed(index)], { nodeId })
      const outputs = { image: [...outputsWith(picture())['image']!, ...outputsWith(shared)['image']!] }
      return studio.settle(run, [succeeded(index, outputs)], { nodeId })
    }),
  )
  expect(await balance()).toEqual({ posted: 300n * token, pending: 0n, available: 300n * token })
})

test('too few tokens: as many items as they reach for are held, and the refusal says what to do', async () => {
  const { runId, balance } = await studio.begunRun(8n)
  const refusal = {
    kind: 'refused',
    failure: {
      type: 'insufficient-tokens',
      message: 'This step needs 5 tokens; 3 are available.',
      remedy: 'Ask an administrator for tokens, then run again.',
    },
  }
  const prepared = await studio.prepare(runId, [itemOf(0), itemOf(1), itemOf(2)])
  expect(prepared).toEqual([{ kind: 'held', holdId: expect.any(String) }, refusal, refusal])
  expect((await balance()).pending).toBe(5n * token)
  await studio.settle(runId, [failed(1), failed(2), succeeded(0, outputsWith(picture()))])
  expect(await balance()).toEqual({ posted: 3n * token, pending: 0n, available: 3n * token })
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 1, itemsFailed: 2 })
  expect([2_500_000n, 0n, 1n, 10_000_000n].map(formatTokens)).toEqual(['2.5', '0', '0.000001', '10'])
})

test('what costs nothing needs no hold', async () => {
  const { runId } = await studio.begunRun(0n)
  expect(await studio.prepare(runId, [itemOf(0)], { nodeId: 'load', price: 0 })).toEqual([
    { kind: 'held', holdId: null },
  ])
  const outputs = { text: [{ name: 'a', value: 'b', index: 0 }] }
  await studio.settle(runId, [succeeded(0, outputs)], { nodeId: 'load', price: 0 })
  await expect(studio.settle(runId, [succeeded(0, {})])).rejects.toThrow('has a price and no hold')
})

test('work that comes back after it was given up is neither charged nor published, but noted', async () => {
  const { runId, balance } = await studio.begunRun()
  await studio.prepare(runId, [itemOf(0)])
  await studio.settle(runId, [failed(0)])
  const image = picture()
  await studio.settle(runId, [succeeded(0, outputsWith(image))])
  expect((await balance()).available).toBe(20n * token)
  expect(await studio.db.artifact.count({ where: { key: image.key } })).toBe(0)
  expect(await studio.incidents(runId)).toBe(1)
  expect(await studio.item(runId)).toMatchObject({ state: 'failed', cost: 0n })
})

test('an item that is tried again after it was given up has a hold of its own', async () => {
  const { runId, balance } = await studio.begunRun()
  const [first] = await studio.prepare(runId, [itemOf(0), itemOf(1)])
  await studio.settle(runId, [failed(0)])
  const [second] = await studio.prepare(runId, [itemOf(0)])
  expect(holdOf(second)).not.toBe(holdOf(first))
  expect((await balance()).pending).toBe(15n * token)
  expect(await studio.item(runId)).toMatchObject({ execution: 2, failure: null })
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsFailed: 0 })
  await studio.settle(runId, [succeeded(0, outputsWith(picture())), succeeded(1, outputsWith(picture()))])
  expect(await balance()).toEqual({ posted: 10n * token, pending: 0n, available: 10n * token })
})

test('the end of a run pays for what succeeded, gives back the rest, and nothing comes back to life', async () => {
  const { runId, balance } = await studio.begunRun()
  await studio.write(runId, { kind: 'mark', nodeId: 'load', state: 'succeeded', itemsTotal: 1 })
  await studio.prepare(runId, [itemOf(0), itemOf(1)])
  await studio.settle(runId, [succeeded(0, outputsWith(picture()))])
  expect((await balance()).pending).toBe(10n * token)
  await studio.books.endRun({ runId, status: 'cancelled' })
  await studio.books.endRun({ runId, status: 'succeeded' })
  const states = await Promise.all(['load', 'paint', 'save'].map((id) => studio.nodeRun(runId, id)))
  expect(states.map(({ state }) => state)).toEqual(['succeeded', 'cancelled', 'cancelled'])
  expect(await balance()).toEqual({ posted: 15n * token, pending: 0n, available: 15n * token })

  await studio.settle(runId, [succeeded(1, outputsWith(picture()))])
  await studio.write(runId, { kind: 'mark', nodeId: 'paint', state: 'running', itemsTotal: 2 })
  await studio.settle(runId, [failed(1)])
  expect(await studio.prepare(runId, [itemOf(1)])).toMatchObject([{ kind: 'refused' }])
  await expect(studio.books.beginRun({ runId })).rejects.toThrow('has ended as cancelled')
  expect(await balance()).toMatchObject({ posted: 15n * token, pending: 0n })
  expect(await studio.nodeRun(runId)).toMatchObject({ state: 'cancelled', itemsDone: 1 })
  expect(await studio.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
    status: 'cancelled',
  })
  expect(await studio.incidents(runId)).toBe(1)
})

test('work that nobody prepared is not published once its run has ended', async () => {
  const { runId } = await studio.begunRun()
  await studio.books.endRun({ runId, status: 'cancelled' })
  const image = picture()
  await studio.settle(runId, [succeeded(0, outputsWith(image))], { nodeId: 'load', price: 0 })
  expect(await studio.db.artifact.count({ where: { key: image.key } })).toBe(0)
  expect(await studio.incidents(runId)).toBe(1)
})

test('the end of a run races with its items: each is either paid for or given back', async () => {
  for (let round = 0; round < 5; round++) {
    const { runId, balance } = await studio.begunRun(200n)
    const working = Array.from({ length: 10 }, async (_, index) => {
      const [prepared] = await studio.prepare(runId, [itemOf(index)])
      if (prepared?.kind === 'held') await studio.settle(runId, [succeeded(index, outputsWith(picture()))])
    })
    await Promise.all([...working, studio.books.endRun({ runId, status: 'cancelled' })])
    const done = await studio.db.nodeRunItem.count({ where: { runId, state: 'succeeded' } })
    expect(await balance()).toMatchObject({ posted: (200n - 5n * BigInt(done)) * token, pending: 0n })
    expect(
      await studio.db.nodeRunItem.count({ where: { runId, state: { in: ['holding', 'running'] } } }),
    ).toBe(0)
  }
})

test('a node that nobody reached is skipped when the run fails', async () => {
  const { runId } = await studio.begunRun()
  const failure = { type: 'internal' as const, message: 'half \ud83d\u0000', remedy: 'r' }
  await studio.write(
    runId,
    { kind: 'mark', nodeId: 'paint', state: 'failed', itemsTotal: 2, failure },
    { kind: 'mark', nodeId: 'paint', state: 'succeeded', itemsTotal: 2 },
  )
  await studio.books.endRun({ runId, status: 'failed', failure })
  expect((await studio.nodeRun(runId)).state).toBe('failed')
  expect((await studio.nodeRun(runId, 'save')).state).toBe('skipped')
  expect(await studio.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
    status: 'failed',
    failure: { ...failure, message: 'half \ufffd\ufffd' },
  })
})

test('a run or a node that is not there is said to be missing', async () => {
  const { runId } = await studio.begunRun()
  const nobody = '00000000-0000-0000-0000-000000000000'
  await expect(studio.books.beginRun({ runId: nobody })).rejects.toThrow('There is no run')
  await expect(studio.settle(nobody, [failed(0)])).rejects.toThrow('There is no run')
  await expect(studio.write(runId, { kind: 'mark', nodeId: 'ghost', state: 'running' })).rejects.toThrow(
    'no node "ghost"',
  )
  expect(Plan.parse(plan)).toEqual(plan)
})
