/** Records of models: made when a server says that it has one, owned, and found in whatever uses them; on a real PostgreSQL. */
import { randomUUID } from 'node:crypto'
import { createDatabase, type Database } from '@defect-studio/prisma'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testGraph } from '../../nodes/graph.fixtures.ts'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { isReadableModel, readableModels } from '../access/readable-models.ts'
import { createMember } from '../bookkeeping/books.fixtures.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { readModelsForRun } from '../runs/known-models.ts'
import { findModelUsers } from './model-users.ts'
import { ModelTaken, recordModel, type ModelRecord } from './record-model.ts'
import { recordRegistered } from './record-registered.ts'

let db: Database
let anna: { id: string; departmentId: string }
let ben: { id: string; departmentId: string }
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  const ledger = createLedger(db)
  anna = await createMember(db, ledger, 0n)
  ben = await createMember(db, ledger, 0n)
})
afterAll(() => db.$disconnect())
beforeEach(async () => {
  await db.model.deleteMany()
  await db.schedule.deleteMany()
  await db.graph.deleteMany()
})

const registered = (id: string, digest = 'one') => ({
  ...{ id, digest, title: `Title of ${id}`, kind: 'diffusion', channels: 4, note: null, licence: 'MIT' },
  bytes: 5_000_000_000,
})
const ofAnna = (more: Partial<ModelRecord> = {}): ModelRecord => ({
  ...{ id: 'mine', title: 'Mine', kind: 'diffusion', ownerId: anna.id, departmentId: anna.departmentId },
  ...more,
})
const reader = ({ id, departmentId }: typeof anna) => ({ memberId: id, departmentId })
const read = (id: string) => db.model.findUniqueOrThrow({ where: { id } })

test('what a server has is written down once and for everyone; a new title and owner stay', async () => {
  await Promise.all([1, 2, 3].map(() => recordRegistered(db, [registered('sd')])))
  expect(await read('sd')).toMatchObject({ title: 'Title of sd', ownerId: null, visibility: 'everyone' })
  await db.model.update({
    where: { id: 'sd' },
    data: { title: 'Ours', visibility: 'private', ownerId: anna.id },
  })
  await recordRegistered(db, [{ ...registered('sd', 'two'), licence: null }])
  expect(await read('sd')).toMatchObject({
    ...{ title: 'Ours', visibility: 'private', ownerId: anna.id, digest: 'two', licence: 'MIT' },
    bytes: 5_000_000_000n,
  })
})

test('a deleted model that a server still has does not become public', async () => {
  await recordModel(db, ofAnna({ digest: 'one' }))
  const deletedAt = new Date()
  await db.model.update({ where: { id: 'mine' }, data: { deletedAt } })
  // The echo of a worker that had looked just before.
  await recordRegistered(db, [registered('mine')], deletedAt.getTime() + 1_000)
  expect((await read('mine')).deletedAt).not.toBeNull()
  await recordRegistered(db, [registered('mine')], deletedAt.getTime() + 60_000)
  expect(await read('mine')).toMatchObject({ deletedAt: null, ownerId: anna.id, visibility: 'private' })
  await db.model.update({ where: { id: 'mine' }, data: { deletedAt } })
  await recordRegistered(db, [registered('mine', 'another')], deletedAt.getTime() + 60_000)
  expect(await read('mine')).toMatchObject({ deletedAt: null, ownerId: null, visibility: 'everyone' })
})

test('a trained model is recorded again by its owner alone', async () => {
  const trainingRunId = randomUUID()
  const concepts = [{ name: 'crack', prompt: 'a photo of sks crack' }]
  await recordModel(db, ofAnna({ base: 'sd', trainingRunId, concepts }))
  expect(await recordModel(db, ofAnna({ base: 'sd', title: 'Mine, again' }))).toMatchObject({
    ...{ title: 'Mine, again', base: 'sd', visibility: 'private' },
  })
  await expect(recordModel(db, ofAnna({ ownerId: ben.id }))).rejects.toThrow(ModelTaken)
  await db.model.update({ where: { id: 'mine' }, data: { deletedAt: new Date() } })
  expect(await recordModel(db, ofAnna({ ownerId: ben.id }))).toMatchObject({
    ownerId: ben.id,
    deletedAt: null,
  })
})

test('the question to the database and the look at a row agree on who may use a model', async () => {
  const member = fc.constantFrom('anna', 'ben', null)
  const rows = fc.array(
    fc.record({
      owner: member,
      department: member,
      visibility: fc.constantFrom('private', 'department', 'everyone'),
      deleted: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  const who = { anna, ben }
  await fc.assert(
    fc.asyncProperty(rows, async (given) => {
      await db.model.deleteMany()
      await db.model.createMany({
        data: given.map(({ owner, department, visibility, deleted }, index) => ({
          ...{ id: `m${index}`, title: 'x', kind: 'diffusion', visibility },
          ownerId: owner && who[owner].id,
          departmentId: department && who[department].departmentId,
          deletedAt: deleted ? new Date() : null,
        })),
      })
      const all = await db.model.findMany()
      const asked = await db.model.findMany({ where: readableModels(reader(anna)) })
      const looked = all.filter((row) => isReadableModel(reader(anna), row))
      expect(new Set(asked.map(({ id }) => id))).toEqual(new Set(looked.map(({ id }) => id)))
      const { known, foreign } = await readModelsForRun(db, reader(anna))
      expect(known).toBeNull()
      expect(foreign.size).toBe(all.length - looked.length)
    }),
    { numRuns: 40 },
  )
})

test('who would miss a model: its graphs, those that use them as steps, their schedules and their runs', async () => {
  const graph = async (name: string, document: object) => {
    const owner = { ownerId: anna.id, departmentId: anna.departmentId }
    const made = await db.graph.create({ data: { name, document, ...owner } })
    await db.graphRevision.create({ data: { graphId: made.id, revision: 1, document } })
    return made.id
  }
  const paint = (params: object) => testGraph({ paint: ['text-to-image', { prompt: 'mine', ...params }] }, [])
  const named = await graph('names it', paint({ model: 'mine' }))
  const outer = await graph('uses that one', testGraph({ sub: ['subgraph', { graphId: named }] }, []))
  const other = await graph('has it in a prompt', paint({ model: 'starter' }))
  const schedule = (name: string, graphId: string, more: object = {}) =>
    db.schedule.create({
      data: { name, graphId, ownerId: ben.id, departmentId: ben.departmentId, timing: {}, ...more },
    })
  await schedule('every night', outer)
  await schedule('with a param', other, { params: { paint: { model: 'mine' } } })
  await schedule('of an earlier revision', named, { revision: 1 })
  await schedule('something else', other)
  await schedule('over', named, { deletedAt: new Date() })
  await db.graph.update({
    where: { id: named },
    data: { document: paint({ model: 'starter' }), revision: 2 },
  })

  const users = await findModelUsers(db, 'mine')
  // The saved graph names another one by now, its first revision still names it.
  expect(users.graphs).toEqual([])
  expect(users.schedules.map(({ name }) => name)).toEqual(['of an earlier revision', 'with a param'])
  await db.graph.update({ where: { id: named }, data: { document: paint({ model: 'mine' }) } })
  const again = await findModelUsers(db, 'mine')
  expect(again.graphs.map(({ name }) => name).sort()).toEqual(['names it', 'uses that one'])
  expect(again.schedules.map(({ name }) => name)).toEqual([
    ...['every night', 'of an earlier revision', 'with a param'],
  ])
  expect(again.runs).toEqual([])
  const run = await db.run.create({
    data: {
      ...{ graphName: 'x', ownerId: ben.id, departmentId: ben.departmentId, document: {}, quote: 0 },
      ...{
        requestHash: '',
        plan: {
          nodes: [
            { id: 'a', model: null },
            { id: 'b', model: 'mine' },
          ],
        },
      },
    },
  })
  expect((await findModelUsers(db, 'mine')).runs).toEqual([{ id: run.id, ownerId: ben.id }])
  await db.run.update({ where: { id: run.id }, data: { status: 'succeeded' } })
  expect((await findModelUsers(db, 'mine')).runs).toEqual([])
  expect(await findModelUsers(db, 'no-such')).toEqual({ graphs: [], schedules: [], hooks: [], runs: [] })
})
