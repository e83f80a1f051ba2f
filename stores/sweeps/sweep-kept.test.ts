/** The sweep deletes what no policy keeps and nothing else: every place that names a picture keeps it. */
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import type { SweepableStore } from '../artifacts/artifact-store.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { sweepKept } from './sweep-kept.ts'

const policy = { runDays: 90, resultDays: 30, graceHours: 24 }
const longAgo = new Date('2026-01-01T00:00:00Z')

let db: Database
let folder: string
let artifacts: SweepableStore
let memberId: string
let departmentId: string

beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  folder = await mkdtemp(path.join(tmpdir(), 'sweep-'))
  artifacts = createFileStore(folder)
  const department = await db.department.create({ data: { name: 'sweep' } })
  departmentId = department.id
  const about = { loginId: 'sue', email: 'sue@example.com', name: 'sue', nickname: 'sue', passwordHash: '!' }
  const member = await db.member.create({ data: { ...about, role: 'department_member', departmentId } })
  memberId = member.id
})
afterAll(async () => {
  await db?.$disconnect()
  await rm(folder, { recursive: true, force: true })
})

/** Stored long ago, with or without a row. */
async function old(text: string, withRow = true): Promise<string> {
  const { key, bytes } = await artifacts.put(new TextEncoder().encode(text), 'image/png')
  if (withRow)
    await db.artifact.create({
      data: { key, mediaType: 'image/png', bytes: BigInt(bytes), createdAt: longAgo },
    })
  await utimes(path.join(folder, key.slice(0, 2), key.slice(2, 4), key), longAgo, longAgo)
  return key
}

const run = (data: { endedAt?: Date; keptAt?: Date; document?: object }) =>
  db.run.create({
    data: {
      ...{ graphName: 'g', ownerId: memberId, departmentId, status: 'succeeded' },
      ...{ document: {}, plan: {}, quote: 0, requestHash: '', endedAt: longAgo },
      ...data,
    },
  })
const exists = async (key: string) =>
  (await artifacts.has(key)) && (await db.artifact.findUnique({ where: { key } })) !== null

test('an artifact goes when nothing names it, and stays wherever it is named', async () => {
  const unnamed = await old('unnamed')
  const rowless = await old('rowless', false)
  const inGallery = await old('in the gallery')
  await db.image.create({
    data: { artifactKey: inGallery, name: 'a', ownerId: memberId, departmentId, width: 1, height: 1 },
  })
  const inGraph = await old('in a graph')
  await db.graph.create({
    data: { name: 'g', ownerId: memberId, departmentId, document: { nodes: [{ image: { key: inGraph } }] } },
  })
  const inRun = await old('in a run that is kept')
  await run({ keptAt: new Date(), document: { key: inRun } })
  const found = await old('a result that can be found')
  const claim = { runId: crypto.randomUUID(), nodeId: 'n', itemIndex: 0, itemName: 'a' }
  await db.cacheEntry.create({
    data: { departmentId, key: 'a'.repeat(64), ...claim, outputs: {}, artifactKeys: [found] },
  })
  const inList = await old('in a list')
  const manifest = JSON.stringify({ items: [{ name: 'a', value: { key: inList } }] })
  const list = await artifacts.put(new TextEncoder().encode(manifest), 'application/json')
  const mediaType = 'application/vnd.defect-studio.collection+json'
  await db.artifact.create({ data: { key: list.key, mediaType, bytes: 1n, createdAt: longAgo } })
  await db.graph.create({
    data: { name: 'g2', ownerId: memberId, departmentId, document: { folder: { key: list.key } } },
  })
  const young = await artifacts.put(new TextEncoder().encode('young'), 'image/png')
  await db.artifact.create({ data: { key: young.key, mediaType: 'image/png', bytes: 5n } })

  const swept = await sweepKept({ db, artifacts }, policy)
  expect(swept).toMatchObject({ artifacts: 2 })
  expect(await artifacts.has(unnamed)).toBe(false)
  expect(await artifacts.has(rowless)).toBe(false)
  for (const key of [inGallery, inGraph, inRun, found, inList, list.key, young.key])
    expect(await exists(key)).toBe(true)
  expect(await sweepKept({ db, artifacts }, policy)).toMatchObject({ artifacts: 0 })
})

test('what is stored again just now is not taken for old, although its row is gone', async () => {
  const key = await old('wanted again', false)
  await artifacts.put(new TextEncoder().encode('wanted again'), 'image/png')
  await sweepKept({ db, artifacts }, policy)
  expect(await artifacts.has(key)).toBe(true)
})

test('old runs go unless somebody keeps them, and young ones stay', async () => {
  const gone = await run({})
  const kept = await run({ keptAt: new Date() })
  const young = await run({ endedAt: new Date() })
  await sweepKept({ db, artifacts }, policy)
  const left = await db.run.findMany({ where: { id: { in: [gone.id, kept.id, young.id] } } })
  expect(left.map(({ id }) => id).sort()).toEqual([kept.id, young.id].sort())
})

test('a policy of null keeps all', async () => {
  const { id } = await run({})
  await sweepKept({ db, artifacts }, { runDays: null, resultDays: null, graceHours: 24 })
  expect(await db.run.findUnique({ where: { id } })).not.toBeNull()
  expect((await readdir(folder)).length).toBeGreaterThan(0)
})
