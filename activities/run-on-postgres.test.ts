/** A run from its row to its end: the real workflow, the real books on PostgreSQL, the real ledger; only pixels are stubs. */
import { createHash, randomUUID } from 'node:crypto'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createPostgresDocuments, createLedger, isPassing } from '@defect-studio/stores'
import { createFileStore, type ArtifactStore } from '@defect-studio/stores/artifacts'
import { readPicture, StudioError, type Graph, type ImageRef } from '@defect-studio/nodes'
import { createCollection, noSources } from '@defect-studio/stores'
import { Worker } from '@temporalio/worker'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testGraph } from '../nodes/graph.fixtures.ts'
import { testPlan } from '../nodes/plan.fixtures.ts'
import { createTestDatabase } from '../scripts/testing/test-database.ts'
import { createMember, token } from '../stores/bookkeeping/books.fixtures.ts'
import { gpuTaskQueue } from '../workflows/run-messages.ts'
import { picture, startTestStudio, stubActivities, type TestStudio } from '../workflows/studio.fixtures.ts'
import { createGraphBooks } from './graph-books.ts'
import { guardActivities } from './guard-activities.ts'
import { createIoActivities } from './index.ts'
import { createRunCalls } from './run-calls.ts'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-run-'))
const rules = { log: pino({ level: 'silent' }), isPassing }
let db: Database
let artifacts: ArtifactStore
let studio: TestStudio
let failing: Set<string>
let gpu: Worker
let working: Promise<void>

beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  artifacts = createFileStore(folder)
  failing = new Set()
  const documents = createPostgresDocuments(db)
  const world = { db, artifacts, documents, sources: noSources, publicUrl: null, allowExternalMail: false }
  const { saveToGallery } = createIoActivities(world)
  const never = new AbortController().signal
  studio = await startTestStudio(
    { saveToGallery: (input, task) => saveToGallery(input, task, never) },
    {
      gpu: false,
      books: () =>
        guardActivities(createGraphBooks({ db, artifacts, log: rules.log }), {
          ...rules,
          internalAttempts: 10,
        }),
    },
  )
  gpu = await Worker.create({
    connection: studio.connection,
    namespace: studio.namespace,
    taskQueue: gpuTaskQueue,
    activities: createRunCalls(
      {
        async drawDefect(input: Parameters<typeof stubActivities.drawDefect>[0], task) {
          if (failing.has(task.itemName)) throw new StudioError('invalid-input', 'Too dark.')
          const { image, mask } = await stubActivities.drawDefect(input, task)
          return { image: await asFile(image), mask: await asFile(mask) }
        },
      },
      { ...rules, internalAttempts: 3, worker: 'server-1', atOnce: 1, beatMs: 250 },
    ),
  })
  working = gpu.run()
})
afterAll(async () => {
  gpu.shutdown()
  await working
  await studio.close()
  await db.$disconnect()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** A real file for a stub's picture, in a colour of its own: the gallery writes the graph into it. */
async function asFile({ key, ...picture }: ImageRef): Promise<ImageRef> {
  const background = `#${createHash('sha256').update(key).digest('hex').slice(0, 6)}`
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer()
  return { ...picture, ...(await artifacts.put(bytes, 'image/png')) }
}

/** Writes a run down as the API does, runs it, and reads back what became of it. */
async function run(graph: Graph, tokens: bigint, colleague?: { departmentId: string }) {
  const ledger = createLedger(db)
  const member = await createMember(db, ledger, tokens, colleague)
  const plan = testPlan(graph, {}, { drawSeed: () => 7 })
  const row = await db.run.create({
    data: {
      graphName: 'Test',
      ownerId: member.id,
      departmentId: member.departmentId,
      document: graph,
      plan,
      quote: plan.quote,
      requestHash: randomUUID(),
      nodeRuns: {
        create: plan.nodes.map(({ id, type, items }) => ({ nodeId: id, type, itemsTotal: items })),
      },
    },
  })
  const { handle } = await studio.start(plan, row.id)
  await handle.result().catch(() => {})
  const { events } = await handle.fetchHistory()
  return {
    member,
    /** Local activities: each call to the books is one. */
    asked: events?.filter(({ markerRecordedEventAttributes }) => markerRecordedEventAttributes).length ?? 0,
    run: await db.run.findUniqueOrThrow({ where: { id: row.id } }),
    nodes: await db.nodeRun.findMany({ where: { runId: row.id }, orderBy: { nodeId: 'asc' } }),
    images: await db.image.findMany({ where: { runId: row.id }, orderBy: { name: 'asc' } }),
    balance: await ledger.balanceOf({ kind: 'member', id: member.id }),
    broken: await ledger.checkInvariants(),
  }
}

async function folderGraph(count: number): Promise<Graph> {
  const items = Array.from({ length: count }, (_, index) => ({
    name: `part-${index}.png`,
    value: picture(String(index)),
  }))
  const collection = await createCollection(artifacts, items)
  return testGraph(
    {
      load: ['load-folder', { folder: { ...collection, name: 'parts' } }],
      defect: 'draw-defect',
      save: 'save-to-gallery',
    },
    ['load.image > defect.image', 'defect.image > save.image', 'defect.mask > save.mask'],
  )
}

test('a folder of 20 becomes 20 pictures in the gallery with their names, masks and makers, each paid once', async () => {
  const { run: row, nodes, images, balance, broken } = await run(await folderGraph(20), 100n)
  expect(row).toMatchObject({ status: 'succeeded', failure: null })
  expect(nodes.map(({ nodeId, state, itemsDone }) => [nodeId, state, itemsDone])).toEqual([
    ['defect', 'succeeded', 20],
    ['load', 'succeeded', 20],
    ['save', 'succeeded', 20],
  ])
  expect(images.map(({ name }) => name).sort()).toEqual(
    Array.from({ length: 20 }, (_, i) => `part-${i}.png`).sort(),
  )
  for (const image of images)
    expect(image).toMatchObject({ tool: 'draw-defect', maskKey: expect.any(String) })
  expect(new Set(images.map(({ artifactKey }) => artifactKey)).size).toBe(20)
  for (const key of [images[0]?.artifactKey, images[0]?.maskKey]) {
    const { graph } = readPicture(await artifacts.get(key ?? ''))
    expect(graph?.nodes.map(({ id }) => id)).toEqual(['load', 'defect', 'save'])
    // The seed that was drawn for the run, so that the same picture comes again.
    expect(graph?.nodes[1]?.params).toMatchObject({ seed: 7 })
  }
  expect(balance).toEqual({ posted: 80n * token, pending: 0n, available: 80n * token })
  expect(broken).toEqual([])
})

test('an unchanged run asks the books for all of its steps at once, and is as complete as the first', async () => {
  const steps = Array.from({ length: 12 }, (_, place) => `step${place}`)
  const graph = testGraph(
    {
      load: ['load-image', { image: { ...(await asFile(picture('chain'))), name: 'part.png' } }],
      ...Object.fromEntries(steps.map((id) => [id, 'draw-defect'])),
    },
    steps.map((id, place) => `${place === 0 ? 'load' : `step${place - 1}`}.image > ${id}.image`),
  )
  const first = await run(graph, 20n)
  const again = await run(graph, 20n, first.member)
  expect(again.run).toMatchObject({ status: 'succeeded', saved: 12n * token })
  expect(again.nodes.map(({ nodeId, state, itemsDone }) => [nodeId, state, itemsDone])).toEqual(
    [...steps, 'load'].sort().map((id) => [id, id === 'load' ? 'succeeded' : 'cached', 1]),
  )
  const outputsOf = async (runId: string) =>
    (await db.nodeRunItem.findMany({ where: { runId }, orderBy: { nodeId: 'asc' } })).map(
      ({ nodeId, outputs }) => [nodeId, outputs],
    )
  expect(await outputsOf(again.run.id)).toEqual(await outputsOf(first.run.id))
  expect(again.balance.available).toBe(20n * token)
  expect(again.broken).toEqual([])
  expect(first.asked).toBeGreaterThan(12)
  // It begins, `load` is prepared and settled, the ends of all steps are written, it ends.
  expect(again.asked).toBeLessThanOrEqual(5)
})

test('what fails is given back, and what the tokens do not reach for is refused with words', async () => {
  failing.add('part-1.png')
  const { run: row, nodes, images, balance, broken } = await run(await folderGraph(4), 3n)
  failing.clear()
  expect(row.status).toBe('failed')
  expect(row.failure).toMatchObject({ message: expect.stringContaining('of 4 failed') })
  expect(nodes.find(({ nodeId }) => nodeId === 'defect')).toMatchObject({ state: 'failed' })
  expect(balance).toEqual({
    posted: (3n - BigInt(images.length)) * token,
    pending: 0n,
    available: (3n - BigInt(images.length)) * token,
  })
  expect(broken).toEqual([])
})

test('a folder that is too long for one history goes in chunks, and what fails in one fails alone', async () => {
  failing.add('part-7.png')
  const { run: row, nodes, images, balance, broken } = await run(await folderGraph(120), 200n)
  failing.clear()
  expect(row.status).toBe('failed')
  expect(nodes.find(({ nodeId }) => nodeId === 'defect')).toMatchObject({ itemsDone: 119, itemsFailed: 1 })
  expect(images).toHaveLength(119)
  expect(await db.nodeRunItem.count({ where: { runId: row.id, worker: 'server-1' } })).toBe(119)
  expect(balance).toEqual({ posted: 81n * token, pending: 0n, available: 81n * token })
  expect(broken).toEqual([])
})
