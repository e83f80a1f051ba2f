/** The books on a real PostgreSQL: every entry once, whatever comes twice, together, or too late. */
import { Plan, type Bookkeeping, type RunEvent } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { listenRunEvents, type RunEventListener } from '../events/run-events.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { createMember, createRun, outputsWith, picture, plan, taskOf, token } from './books.fixtures.ts'
import { createBookkeeping } from './create-bookkeeping.ts'
import { formatTokens } from './prepare-item.ts'

let db: Database
let ledger: Ledger
let books: Bookkeeping
let listener: RunEventListener
const events: RunEvent[] = []
beforeAll(async () => {
  const url = await createTestDatabase()
  db = createDatabase(url)
  ledger = createLedger(db)
  books = createBookkeeping({ db })
  listener = listenRunEvents(url, (event) => events.push(event))
  await listener.ready
})
afterAll(async () => {
  await listener.close()
  await db.$disconnect()
})
afterEach(async () => expect(await ledger.checkInvariants()).toEqual([]))

async function begunRun(tokens = 20n) {
  const member = await createMember(db, ledger, tokens)
  const runId = await createRun(db, member)
  await books.beginRun({ runId })
  return { member, runId, balance: () => ledger.balanceOf({ kind: 'member', id: member.id }) }
}

const nodeState = async (runId: string, nodeId: string) =>
  (await db.nodeRun.findUniqueOrThrow({ where: { runId_nodeId: { runId, nodeId } } })).state

const incidents = (runId: string) =>
  db.document.count({ where: { collection: 'incidents', id: { startsWith: `late-settle:${runId}` } } })

async function held(task: ReturnType<typeof taskOf>): Promise<string> {
  const prepared = await books.prepareItem({ task, price: 5 })
  if (prepared.kind !== 'held' || prepared.holdId === null) throw new Error(JSON.stringify(prepared))
  return prepared.holdId
}

test('a run goes from its plan to its end, is paid for, and tells of every step', async () => {
  const { member, runId, balance } = await begunRun()
  await books.markNode({ runId, nodeId: 'paint', state: 'running', itemsTotal: 2 })
  const images = [picture(), picture()]
  for (const [index, image] of images.entries()) {
    const task = taskOf(runId, 'paint', index)
    const holdId = await held(task)
    expect((await balance()).pending).toBe(5n * token)
    await books.settleItem({ task, holdId, price: 5, outputs: outputsWith(image) })
  }
  await books.markNode({ runId, nodeId: 'paint', state: 'succeeded', itemsTotal: 2 })
  await books.endRun({ runId, status: 'succeeded' })

  expect(await balance()).toEqual({ posted: 10n * token, pending: 0n, available: 10n * token })
  const nodeRun = await db.nodeRun.findUniqueOrThrow({ where: { runId_nodeId: { runId, nodeId: 'paint' } } })
  expect(nodeRun).toMatchObject({ state: 'succeeded', itemsDone: 2, itemsTotal: 2, cost: 10n * token })
  for (const { key: artifactKey } of images)
    expect(await db.artifactGrant.findMany({ where: { artifactKey } })).toMatchObject([
      { memberId: member.id, departmentId: member.departmentId },
    ])

  const told = () =>
    events
      .filter((event) => event.runId === runId)
      .map((event) =>
        event.type === 'run-status'
          ? event.status
          : event.type === 'node-run-state'
            ? `${event.nodeId} ${event.state} ${event.itemsDone}`
            : '',
      )
  await expect.poll(() => told().at(-1)).toBe('succeeded')
  expect(told().slice(0, 5)).toEqual([
    'running',
    'paint running 0',
    'paint running 1',
    'paint running 2',
    'paint succeeded 2',
  ])
})

test('every entry may be sent ten times at once and is written once', async () => {
  const { runId, balance } = await begunRun()
  const ten = <T>(send: () => Promise<T>) => Promise.all(Array.from({ length: 10 }, send))
  expect(
    new Set((await ten(() => books.beginRun({ runId }))).map((begun) => JSON.stringify(begun))).size,
  ).toBe(1)
  const task = taskOf(runId, 'paint')
  const holds = await ten(() => held(task))
  expect(new Set(holds).size).toBe(1)
  const holdId = holds[0] ?? ''
  const outputs = outputsWith(picture())
  await ten(() => books.settleItem({ task, holdId, price: 5, outputs }))
  await ten(() => books.abandonItem({ task, state: 'cancelled' }))
  await ten(() => books.endRun({ runId, status: 'succeeded' }))
  expect(await balance()).toEqual({ posted: 15n * token, pending: 0n, available: 15n * token })
  expect(await db.nodeRun.findFirst({ where: { runId, nodeId: 'paint' } })).toMatchObject({
    itemsDone: 1,
    cost: 5n * token,
  })
  expect(await incidents(runId)).toBe(0)
})

test('an item that was settled is not worked on again: its outputs are handed back', async () => {
  const { runId } = await begunRun()
  const task = taskOf(runId, 'paint')
  const outputs = outputsWith(picture())
  await books.settleItem({ task, holdId: await held(task), price: 5, outputs })
  expect(await books.prepareItem({ task, price: 5 })).toEqual({ kind: 'done', outputs })
})

test('many items of one member at once never deadlock, and cost what they cost', async () => {
  const { runId, balance } = await begunRun(500n)
  const shared = picture()
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const task = taskOf(runId, index % 2 ? 'paint' : 'save', index)
      const holdId = await held(task)
      if (index % 3 === 0) return books.abandonItem({ task, state: 'failed' })
      const outputs = { image: [...outputsWith(picture())['image']!, ...outputsWith(shared)['image']!] }
      return books.settleItem({ task, holdId, price: 5, outputs })
    }),
  )
  expect(await balance()).toEqual({ posted: 300n * token, pending: 0n, available: 300n * token })
})

test('too few tokens: the refusal says what is needed, what there is, and what to do', async () => {
  const { runId, balance } = await begunRun(3n)
  const refused = await books.prepareItem({ task: taskOf(runId, 'paint'), price: 5 })
  expect(refused).toEqual({
    kind: 'refused',
    failure: {
      type: 'insufficient-tokens',
      message: 'This step needs 5 tokens; 3 are available.',
      remedy: 'Ask an administrator for tokens, then run again.',
    },
  })
  expect((await balance()).pending).toBe(0n)
  expect([2_500_000n, 0n, 1n, 10_000_000n].map(formatTokens)).toEqual(['2.5', '0', '0.000001', '10'])
})

test('what costs nothing needs no hold', async () => {
  const { runId } = await begunRun(0n)
  const task = taskOf(runId, 'load')
  expect(await books.prepareItem({ task, price: 0 })).toEqual({ kind: 'held', holdId: null })
  await books.settleItem({ task, holdId: null, price: 0, outputs: { text: [{ name: 'a', value: 'b' }] } })
  await expect(
    books.settleItem({ task: taskOf(runId, 'paint'), holdId: null, price: 5, outputs: {} }),
  ).rejects.toThrow('has a price and no hold')
})

test('work that comes back after it was given up is neither charged nor published, but noted', async () => {
  const { runId, balance } = await begunRun()
  const task = taskOf(runId, 'paint')
  const holdId = await held(task)
  const failure = { type: 'out-of-memory' as const, message: 'm', remedy: 'r' }
  await books.abandonItem({ task, state: 'failed', failure })
  const image = picture()
  await books.settleItem({ task, holdId, price: 5, outputs: outputsWith(image) })
  expect((await balance()).available).toBe(20n * token)
  expect(await db.artifact.count({ where: { key: image.key } })).toBe(0)
  expect(await incidents(runId)).toBe(1)
  expect(await db.nodeRunItem.findFirst({ where: { runId } })).toMatchObject({
    state: 'failed',
    failure,
    cost: 0n,
  })
})

test('an item that is tried again after it was given up has a hold of its own, and only that one counts', async () => {
  const { runId, balance } = await begunRun()
  const task = taskOf(runId, 'paint')
  const first = await held(task)
  await books.abandonItem({ task, state: 'failed' })
  const second = await held(task)
  expect(second).not.toBe(first)
  expect(await held(task)).toBe(second)
  await books.settleItem({ task, holdId: first, price: 5, outputs: outputsWith(picture()) })
  expect(await incidents(runId)).toBe(1)
  expect((await balance()).pending).toBe(5n * token)
  await books.settleItem({ task, holdId: second, price: 5, outputs: outputsWith(picture()) })
  expect(await balance()).toEqual({ posted: 15n * token, pending: 0n, available: 15n * token })
})

test('the end of a run gives back what is held, closes what is open, and nothing comes back to life', async () => {
  const { runId, balance } = await begunRun()
  await books.markNode({ runId, nodeId: 'load', state: 'succeeded', itemsTotal: 1 })
  await books.markNode({ runId, nodeId: 'paint', state: 'running', itemsTotal: 2 })
  const task = taskOf(runId, 'paint')
  const holdId = await held(task)
  await books.endRun({ runId, status: 'cancelled' })
  await books.endRun({ runId, status: 'succeeded' })
  const states = await Promise.all(['load', 'paint', 'save'].map((nodeId) => nodeState(runId, nodeId)))
  expect(states).toEqual(['succeeded', 'cancelled', 'cancelled'])

  await books.settleItem({ task, holdId, price: 5, outputs: outputsWith(picture()) })
  await books.markNode({ runId, nodeId: 'paint', state: 'running', itemsTotal: 2 })
  await books.abandonItem({ task, state: 'failed' })
  expect(await books.prepareItem({ task, price: 5 })).toMatchObject({ kind: 'refused' })
  await expect(books.beginRun({ runId })).rejects.toThrow('has ended as cancelled')
  expect(await balance()).toEqual({ posted: 20n * token, pending: 0n, available: 20n * token })
  expect(await nodeState(runId, 'paint')).toBe('cancelled')
  expect(await db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({ status: 'cancelled' })
  expect(await incidents(runId)).toBe(1)
})

test('work that nobody prepared is not published once its run has ended', async () => {
  const { runId } = await begunRun()
  await books.endRun({ runId, status: 'cancelled' })
  const image = picture()
  await books.settleItem({ task: taskOf(runId, 'load'), holdId: null, price: 0, outputs: outputsWith(image) })
  expect(await db.artifact.count({ where: { key: image.key } })).toBe(0)
  expect(await incidents(runId)).toBe(1)
})

test('the end of a run races with its items: each is either paid for or given back', async () => {
  for (let round = 0; round < 5; round++) {
    const { runId, balance } = await begunRun(200n)
    const working = Array.from({ length: 10 }, async (_, index) => {
      const task = taskOf(runId, 'paint', index)
      const prepared = await books.prepareItem({ task, price: 5 })
      if (prepared.kind === 'held')
        await books.settleItem({ task, holdId: prepared.holdId, price: 5, outputs: outputsWith(picture()) })
    })
    await Promise.all([...working, books.endRun({ runId, status: 'cancelled' })])
    const done = await db.nodeRunItem.count({ where: { runId, state: 'succeeded' } })
    expect(await balance()).toMatchObject({ posted: (200n - 5n * BigInt(done)) * token, pending: 0n })
    expect(await db.nodeRunItem.count({ where: { runId, state: { in: ['holding', 'running'] } } })).toBe(0)
  }
})

test('a node that nobody reached is skipped when the run fails', async () => {
  const { runId } = await begunRun()
  const failure = { type: 'internal' as const, message: 'm', remedy: 'r' }
  await books.markNode({ runId, nodeId: 'paint', state: 'failed', itemsTotal: 2, failure })
  await books.markNode({ runId, nodeId: 'paint', state: 'succeeded', itemsTotal: 2 })
  await books.endRun({ runId, status: 'failed', failure })
  expect([await nodeState(runId, 'paint'), await nodeState(runId, 'save')]).toEqual(['failed', 'skipped'])
  expect(await db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
    status: 'failed',
    failure,
  })
})

test('a run or a node that is not there is said to be missing', async () => {
  const { runId } = await begunRun()
  await expect(books.beginRun({ runId: '00000000-0000-0000-0000-000000000000' })).rejects.toThrow(
    'There is no run',
  )
  await expect(books.markNode({ runId, nodeId: 'ghost', state: 'running', itemsTotal: 1 })).rejects.toThrow(
    'no node "ghost"',
  )
  expect(Plan.parse(plan)).toEqual(plan)
})
