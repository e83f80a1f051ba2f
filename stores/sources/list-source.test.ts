/** Lists on a real database: what each source gives, and that nobody lists what is not his to see. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { registerArtifact } from '../artifacts/register-artifact.ts'
import { createCollection, readCollection } from '../collections/collections.ts'
import { listSource, readSource, type SourceWorld } from './list-source.ts'
import { openSources, type SourceCaller } from './open-sources.ts'
import { noSources, readSourceConfig } from './source-config.ts'

let folder = ''
let db: Database
let world: SourceWorld
let olga: SourceCaller
let paul: SourceCaller
let guest: SourceCaller

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'list-source-'))
  db = createDatabase(await createTestDatabase(), { connections: 3 })
  const config = readSourceConfig({ SOURCE_ROOTS: `all=${folder}/all,own@optics=${folder}/own` })
  world = { db, artifacts: createFileStore(path.join(folder, 'artifacts')), config, drawSeed: () => 7 }
  olga = await member('olga', 'optics')
  paul = await member('paul', 'paint')
  guest = await member('gina', 'optics', 'guest')
  await mkdir(path.join(folder, 'all'))
  for (const name of ['b10.png', 'b2.png', 'B2.PNG', '_.txt'])
    await writeFile(path.join(folder, 'all', name), '')
})
afterAll(async () => {
  await db.$disconnect()
  await rm(folder, { recursive: true })
})

async function member(
  name: string,
  department: string,
  role: 'department_member' | 'guest' = 'department_member',
): Promise<SourceCaller> {
  const where = { name: department }
  const { id: departmentId } = await db.department.upsert({ where, create: where, update: {} })
  const { id: memberId } = await db.member.create({
    data: {
      loginId: name,
      name,
      nickname: name,
      email: `${name}@example.com`,
      passwordHash: 'x',
      role,
      departmentId,
    },
  })
  return { memberId, departmentId, role }
}

async function picture(reader: SourceCaller | null, seed: number) {
  const bytes = new TextEncoder().encode(`picture ${seed}`)
  const image = { ...(await world.artifacts.put(bytes, 'image/png')), mediaType: 'image/png' }
  const sized = { ...image, width: 4, height: 3 }
  await registerArtifact(
    db,
    sized,
    reader && { memberId: reader.memberId, departmentId: reader.departmentId },
  )
  return sized
}

const list = async (caller: SourceCaller, type: string, params: Record<string, unknown>) => {
  const listed = await listSource(world, caller, { type, params })
  if ('problem' in listed) return listed
  const { items } = await readCollection(world.artifacts, listed.collection)
  expect(items.map(({ name }) => name)).toEqual(listed.names)
  expect(listed.collection.count).toBe(items.length)
  return { ...listed, items }
}

test('a server folder is listed with names that differ in more than case', async () => {
  expect(await list(olga, 'load-server-folder', { root: 'all' })).toMatchObject({
    names: ['b2.png', 'B2 (2).PNG', 'b10.png'],
    items: [{ value: { import: { kind: 'folder', root: 'all', path: 'b2.png' } } }, {}, {}],
  })
})

test('what is closed looks as if it were not there, and the first remedy says what to set', async () => {
  expect((await openSources(db, world.config, olga)).roots.map(({ name }) => name)).toEqual(['own', 'all'])
  expect((await openSources(db, world.config, paul)).roots.map(({ name }) => name)).toEqual(['all'])
  expect(await openSources(db, world.config, guest)).toEqual({ roots: [], buckets: [] })
  expect(await list(paul, 'load-server-folder', { root: 'own' })).toMatchObject({
    problem: {
      field: 'root',
      message: 'There is no server folder "own" for you.',
      remedy: 'Choose one of: all.',
    },
  })
  const closed = { ...world, config: noSources }
  const node = { type: 'load-server-folder', params: { root: 'all' } }
  expect(await listSource(closed, olga, node)).toMatchObject({
    problem: { remedy: expect.stringContaining('SOURCE_ROOTS') as string },
  })
  expect(await list(paul, 'load-s3', { bucket: 'x' })).toMatchObject({
    problem: { field: 'bucket', remedy: expect.stringContaining('SOURCE_BUCKETS') as string },
  })
})

test('an empty list, a type that makes none, and wrong params are refused in words', async () => {
  const problems = [
    await list(olga, 'load-server-folder', { root: 'all', pattern: '*.bmp' }),
    await list(olga, 'prompt-list', {}),
    await list(olga, 'parameter-grid', {}),
    await list(olga, 'gallery-query', { words: 'nothing has this name' }),
  ]
  for (const one of problems)
    expect(one).toMatchObject({ problem: { code: 'unusable-list', message: 'This list is empty.' } })
  expect(await list(olga, 'inpaint', {})).toMatchObject({ problem: { message: '"inpaint" makes no list.' } })
  expect(await list(olga, 'nothing', {})).toMatchObject({ problem: { code: 'bad-param' } })
  expect(await list(olga, 'load-folder', {})).toMatchObject({ problem: { code: 'missing-param' } })
  expect(await list(olga, 'load-server-folder', { root: 'all', path: '../own' })).toMatchObject({
    problem: { code: 'bad-param', field: 'path' },
  })
})

test('prompts and grids are numbered, and seeds are drawn when the list is made', async () => {
  expect(await list(olga, 'prompt-list', { lines: 'a {b|c}', alternatives: true })).toMatchObject({
    names: ['prompt-0001', 'prompt-0002'],
    items: [{ value: 'a b' }, { value: 'a c' }],
  })
  expect(await list(olga, 'parameter-grid', { randomSeeds: 2, strengths: '0.5' })).toMatchObject({
    names: ['grid-0001', 'grid-0002'],
    items: [{ value: { ports: { seed: 7, strength: 0.5 } } }, { value: { ports: { seed: 8 } } }],
  })
})

test('a grid of a hundred thousand points is made', async () => {
  const { items } = (await readSource(world, olga, {
    type: 'parameter-grid',
    params: { seeds: '1-1000', steps: '1-100' },
  })) as { items: unknown[] }
  expect(items).toHaveLength(100_000)
})

test('an uploaded folder is its own list, and somebody else cannot use it', async () => {
  const value = await picture(olga, 1)
  const collection = await createCollection(world.artifacts, [{ name: 'a.png', value }])
  const { count: _count, ...stored } = collection
  const reader = { memberId: olga.memberId, departmentId: olga.departmentId }
  await registerArtifact(db, { ...stored, width: null, height: null }, reader)
  const params = { folder: { ...collection, name: 'parts' } }
  expect(await list(olga, 'load-folder', params)).toMatchObject({ names: ['a.png'], collection })
  expect(await list(paul, 'load-folder', params)).toMatchObject({
    problem: { code: 'unknown-artifact', message: expect.stringContaining('is not yours') as string },
  })
  await db.artifactGrant.deleteMany({ where: { artifactKey: value.key } })
  expect(await list(olga, 'load-folder', params)).toMatchObject({
    problem: { message: expect.stringContaining('such as "a.png"') as string },
  })
})

test('a gallery query gives what the caller may see, newest first, with masks', async () => {
  const runId = crypto.randomUUID()
  const save = async (
    owner: SourceCaller,
    name: string,
    seed: number,
    more: { visibility?: 'private' | 'department' | 'everyone'; runId?: string; maskKey?: string } = {},
  ) =>
    db.image.create({
      data: {
        artifactKey: (await picture(null, seed)).key,
        name,
        ownerId: owner.memberId,
        departmentId: owner.departmentId,
        tool: 'inpaint',
        prompt: 'steel with rust',
        model: 'starter',
        width: 4,
        height: 3,
        nodeId: 'n',
        itemIndex: seed,
        ...more,
      },
    })
  await save(olga, 'mine.png', 11, { visibility: 'private', runId })
  await save(olga, 'masked.png', 12, { maskKey: (await picture(null, 13)).key })
  await save(paul, 'hidden.png', 14, { visibility: 'private' })
  await save(paul, 'his department.png', 15)
  await save(paul, 'shown.png', 16, { visibility: 'everyone' })
  const deleted = await save(olga, 'deleted.png', 17)
  await db.image.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } })
  const names = async (params: Record<string, unknown>) => {
    const listed = await list(olga, 'gallery-query', params)
    return 'names' in listed ? listed.names : []
  }
  expect(await names({})).toEqual(['shown.png', 'masked.png', 'mine.png'])
  expect(await names({ newest: 2 })).toEqual(['shown.png', 'masked.png'])
  expect(await names({ words: 'RUST mask' })).toEqual(['masked.png'])
  expect(await names({ tool: 'inpaint', model: 'starter', runId })).toEqual(['mine.png'])
  expect(await names({ model: 'other' })).toEqual([])
  const today = new Date().toISOString().slice(0, 10)
  expect(await names({ from: today, to: today })).toHaveLength(3)
  expect(await names({ to: '2020-01-01' })).toEqual([])
  expect(await names({ graphId: crypto.randomUUID() })).toEqual([])
  expect(await list(olga, 'gallery-query', { words: 'mask' })).toMatchObject({
    items: [{ value: { ports: { image: { width: 4 }, mask: { mediaType: 'image/png' } } } }],
  })
})

test.each([
  ['photos', 'entry 1 is not written name=/path'],
  ['photos=relative', '"photos" needs an absolute path'],
  ['a=/x,a=/y', 'names "a" twice'],
  ['a@=/x', 'entry 1 is not written'],
])('SOURCE_ROOTS=%s is refused', (text, message) => {
  expect(() => readSourceConfig({ SOURCE_ROOTS: text })).toThrow(message)
})

test.each([
  ['b=http://x', '"b" needs an address'],
  ['b=s3://KEY:SECRET@x?endpoint=ftp://y', 'the endpoint of "b" is no http or https address'],
])('SOURCE_BUCKETS=%s is refused, and the key stays where it is', (text, message) => {
  const read = () => readSourceConfig({ SOURCE_BUCKETS: text })
  expect(read).toThrow(message)
  expect(read).not.toThrow('SECRET')
})

test('a bucket is read with its prefix, region and keys', () => {
  const text = 'b@optics=s3://KEY:SE%2FCRET@photos/a/b/?region=eu-west-1&endpoint=https://s3.example'
  expect(readSourceConfig({ SOURCE_BUCKETS: text }).buckets).toEqual([
    {
      name: 'b',
      department: 'optics',
      bucket: 'photos',
      prefix: 'a/b/',
      region: 'eu-west-1',
      endpoint: 'https://s3.example',
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'SE/CRET' },
    },
  ])
})
