/** Pictures brought in from a real folder for a run on a real database, and lists that are multiplied. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { CollectionRef, JsonValue } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createCollection, createFileStore, readCollection, readSourceConfig } from '@defect-studio/stores'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { combineCollections } from './combine-collections.ts'
import { createImportPicture, type ImportWorld } from './import-picture.ts'

let folder = ''
let db: Database
let world: ImportWorld
let run: { id: string; ownerId: string; departmentId: string }

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'import-'))
  await mkdir(path.join(folder, 'photos'))
  db = createDatabase(await createTestDatabase(), { connections: 3 })
  const sources = readSourceConfig({ SOURCE_ROOTS: `photos=${folder}/photos,secret@others=${folder}/photos` })
  world = { db, artifacts: createFileStore(path.join(folder, 'artifacts')), sources }
  const { id: departmentId } = await db.department.create({ data: { name: 'optics' } })
  const { id: ownerId } = await db.member.create({
    data: {
      ...{ loginId: 'olga', name: 'Olga', nickname: 'olga', email: 'olga@example.com', passwordHash: 'x' },
      role: 'department_member',
      departmentId,
    },
  })
  const about = { graphName: 'g', document: {}, plan: {}, quote: 0, requestHash: 'x' }
  run = await db.run.create({ data: { ...about, ownerId, departmentId } })
})
afterAll(async () => {
  await db.$disconnect()
  await rm(folder, { recursive: true })
})

const task = () => ({ runId: run.id, nodeId: 'n', itemIndex: 0, itemName: 'a' })
const bring = (file: string, root = 'photos') =>
  createImportPicture(world)({ source: { kind: 'folder', root, path: file }, name: file }, task())

test('brings a picture in for the owner of the run, as often as it is asked', async () => {
  const bytes = await sharp({ create: { width: 6, height: 4, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer()
  // The bytes count, not the name.
  await writeFile(path.join(folder, 'photos', 'a.png'), bytes)
  const { image } = await bring('a.png')
  expect(image).toMatchObject({ mediaType: 'image/jpeg', width: 6, height: 4, bytes: bytes.length })
  expect(await bring('a.png')).toEqual({ image })
  expect(Buffer.from(await world.artifacts.get(image.key))).toEqual(bytes)
  expect(await db.artifactGrant.findMany({ where: { artifactKey: image.key } })).toMatchObject([
    { memberId: run.ownerId, departmentId: run.departmentId },
  ])
})

test('a file that became junk, is gone, or lies in a closed folder fails with words', async () => {
  await writeFile(path.join(folder, 'photos', 'junk.png'), 'no picture')
  await expect(bring('junk.png')).rejects.toMatchObject({
    type: 'invalid-input',
    message: expect.stringContaining('"junk.png": This file is not a picture') as string,
  })
  await expect(bring('gone.png')).rejects.toThrow('is no longer there')
  await expect(bring('a.png', 'secret')).rejects.toThrow('no server folder "secret" for you')
})

test('an owner who has become a guest gets nothing more', async () => {
  const as = (role: 'guest' | 'department_member') =>
    db.member.update({ where: { id: run.ownerId }, data: { role } })
  await as('guest')
  await expect(bring('a.png')).rejects.toMatchObject({ type: 'invalid-input' })
  await as('department_member')
})

const store = (items: { name: string; value: JsonValue; index?: number }[]) =>
  createCollection(world.artifacts, items)
const read = async (list: CollectionRef | undefined) =>
  list ? (await readCollection(world.artifacts, list)).items : []

test('every picture meets every point, under names of its own, and what is missing stays missing', async () => {
  const image = await store([
    { name: 'part1.png', value: 'p1' },
    { name: 'dir/x.y/part', value: 'p2', index: 4 },
  ])
  const mask = await store([
    { name: 'part1.png', value: 'm1' },
    { name: 'of nothing.png', value: 'm9' },
  ])
  const prompt = await store([
    { name: 'grid-0001', value: 'rust' },
    { name: 'grid-0003', value: 'dent', index: 2 },
  ])
  const seed = await store([{ name: 'grid-0003', value: 7, index: 2 }])
  const lists = { pictures: { image, mask }, points: { prompt, seed } }
  const made = await combineCollections(world, lists, task())
  const names = ['part1 grid-0001.png', 'part1 grid-0003.png']
  expect(await read(made.image)).toEqual([
    { name: names[0], value: 'p1', index: 0 },
    { name: names[1], value: 'p1', index: 2 },
    { name: 'dir/x.y/part grid-0001', value: 'p2', index: 12 },
    { name: 'dir/x.y/part grid-0003', value: 'p2', index: 14 },
  ])
  expect((await read(made.mask)).map(({ name, value }) => [name, value])).toEqual([
    [names[0], 'm1'],
    [names[1], 'm1'],
  ])
  expect((await read(made.prompt)).map(({ value }) => value)).toEqual(['rust', 'dent', 'rust', 'dent'])
  expect((await read(made.seed)).map(({ name }) => name)).toEqual([names[1], 'dir/x.y/part grid-0003'])
  expect(made.steps).toBeUndefined()
  expect(await combineCollections(world, lists, task())).toEqual(made)
})

test('ten thousand results have ten thousand names, and more than a list may have are refused', async () => {
  const many = (stem: string, count: number) =>
    store(Array.from({ length: count }, (_, index) => ({ name: `${stem}${index}`, value: index })))
  const image = await many('p', 100)
  const twins = await store(
    ['x'.repeat(250) + '1.png', 'x'.repeat(250) + '2.png'].map((name) => ({ name, value: 1 })),
  )
  const point = await many('g', 100)
  const made = await combineCollections(world, { pictures: { image }, points: { seed: point } }, task())
  expect(new Set((await read(made.image)).map(({ name }) => name)).size).toBe(10_000)
  const shortened = { pictures: { image: twins }, points: { seed: point } }
  expect(await read((await combineCollections(world, shortened, task())).image)).toHaveLength(200)
  const tooMany = { pictures: { image }, points: { seed: await many('g', 1001) } }
  await expect(combineCollections(world, tooMany, task())).rejects.toThrow(
    '100 pictures with 1001 points are 100100; one list may have 100000',
  )
})
