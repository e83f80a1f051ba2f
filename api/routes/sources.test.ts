/** Lists over the API: what is open, what a list holds, folders of a hundred thousand, and mismatches before a run. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readSourceConfig } from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sources-'))
  for (const name of ['photos/1.png', 'photos/2.png', 'photos/3.png', 'masks/1.png', 'masks/4.png']) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true })
    await writeFile(path.join(folder, name), 'x')
  }
  const sources = readSourceConfig({
    SOURCE_ROOTS: `parts=${folder},secret@others=${folder}`,
    SOURCE_BUCKETS: 'cloud=s3://KEY:SECRET@bucket/line1?endpoint=http://127.0.0.1:1',
  })
  studio = await startTestStudio({ config: { sources } })
  token = await studio.signInOwner()
})
afterAll(async () => {
  await studio.close()
  await rm(folder, { recursive: true })
})

const preview = (type: string, params: object) =>
  studio.call('POST', '/api/v1/sources/preview', { token, json: { type, params } })

test('names what is open, and nothing of where it lies', async () => {
  const { status, body } = await studio.call<object>('GET', '/api/v1/sources', { token })
  expect([status, body]).toEqual([200, { folders: [{ name: 'parts' }], buckets: [{ name: 'cloud' }] }])
  expect((await studio.call('GET', '/api/v1/sources')).status).toBe(401)
  const other = await studio.signInMember('otto', 'department_member', 'others')
  expect((await studio.call('GET', '/api/v1/sources', { token: other })).body).toMatchObject({
    folders: [{ name: 'secret' }, { name: 'parts' }],
  })
})

test('shows how many a list holds and the first twenty, and keeps nothing', async () => {
  const before = await studio.db.artifact.count()
  expect((await preview('load-server-folder', { root: 'parts', path: 'photos' })).body).toEqual({
    count: 3,
    names: ['1.png', '2.png', '3.png'],
  })
  const { body } = await preview('parameter-grid', { randomSeeds: 1000, strengths: '0.2-0.8:0.2' })
  expect(body).toMatchObject({ count: 4000 })
  expect(body).toHaveProperty('names.length', 20)
  expect(await studio.db.artifact.count()).toBe(before)
})

test.each<[string, object, object]>([
  ['load-server-folder', { root: 'secret' }, { remedy: 'Choose one of: parts.' }],
  ['load-server-folder', { root: 'parts', path: '../..' }, { problems: [{ field: 'path' }] }],
  ['load-server-folder', { root: 'parts', pattern: '*.bmp' }, { detail: 'This list is empty.' }],
  ['load-s3', { bucket: 'cloud' }, { detail: expect.stringContaining('cannot be listed') as string }],
  ['prompt-list', { lines: '{a|b}'.repeat(20), alternatives: true }, { problems: [{ field: 'lines' }] }],
  ['inpaint', {}, { detail: '"inpaint" makes no list.' }],
])('says why %s %j makes no list', async (type, params, body) => {
  const answer = await preview(type, params)
  expect(answer).toMatchObject({ status: 422, body: { code: 'unusable-list', ...body } })
  expect(JSON.stringify(answer.body)).not.toContain('SECRET')
  expect(JSON.stringify(answer.body)).not.toContain(folder)
})

test('takes a folder of a hundred thousand pictures, and refuses one more', async () => {
  const { key } = (await studio.upload(token, await picture())).body
  const items = Array.from({ length: 100_000 }, (_, index) => ({ name: `line 7/${index}.png`, key }))
  const make = (all: object[]) =>
    studio.call('POST', '/api/v1/collections', { token, json: { name: 'parts', items: all } })
  const made = await make(items)
  expect([made.status, made.body.count]).toEqual([201, 100_000])
  expect((await preview('load-folder', { folder: made.body })).body).toMatchObject({ count: 100_000 })
  const refused = await make([...items, { name: 'one more.png', key }])
  expect(refused).toMatchObject({
    status: 422,
    body: { detail: expect.stringContaining('100000') as string },
  })
})

test('of pictures that are missing lists a hundred, and counts all', async () => {
  const items = Array.from({ length: 300 }, (_, index) => ({ name: `${index}.png`, key: 'a'.repeat(64) }))
  const { status, body } = await studio.call('POST', '/api/v1/collections', {
    token,
    json: { name: 'parts', items },
  })
  expect([status, body.problems.length]).toEqual([422, 100])
  expect(body.detail).toContain('300 of the pictures')
})

const node = (id: string, type: string, params: object = {}) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  params,
})
const edge = (from: string, to: string) => {
  const [source = '', sourceHandle = ''] = from.split('.')
  const [target = '', ...handle] = to.split('.')
  return { id: `${from}-${to}`, source, sourceHandle, target, targetHandle: handle.join('.') }
}
const start = (nodes: object[], edges: object[]) =>
  studio.call('POST', '/api/v1/runs', {
    token,
    json: { graph: { formatVersion: 3, nodes, edges, inputs: [], outputs: [] } },
  })

test('a run over a server folder is priced by its pictures before one of them is read', async () => {
  const photos = node('photos', 'load-server-folder', { root: 'parts', path: 'photos' })
  const { status, body } = await start(
    [photos, node('draw', 'draw-defect')],
    [edge('photos.image', 'draw.image')],
  )
  expect([status, body.quote]).toEqual([201, 3])
  const { plan } = await studio.db.run.findUniqueOrThrow({ where: { id: body.id } })
  expect(plan).toMatchObject({
    nodes: [
      { id: 'photos', collection: { count: 3 } },
      { id: 'draw', items: 3 },
    ],
  })
})

test('pictures and masks that do not pair are listed before anything runs', async () => {
  const before = await studio.db.run.count()
  const { status, body } = await start(
    [
      node('photos', 'load-server-folder', { root: 'parts', path: 'photos' }),
      node('masks', 'load-server-folder', { root: 'parts', path: 'masks' }),
      node('as', 'use-as-mask'),
      node('clean', 'clean-up', { method: 'telea' }),
    ],
    [edge('photos.image', 'clean.image'), edge('masks.image', 'as.image'), edge('as.mask', 'clean.mask')],
  )
  expect([status, body.code]).toEqual([422, 'invalid-graph'])
  expect(body.problems).toMatchObject([{ code: 'names-differ', nodeId: 'clean' }])
  for (const name of ['2.png', '3.png', '4.png']) expect(body.problems[0]?.message).toContain(name)
  expect(await studio.db.run.count()).toBe(before)
})

test('folder × grid is priced as their product', async () => {
  const { status, body } = await start(
    [
      node('photos', 'load-server-folder', { root: 'parts', path: 'photos' }),
      node('grid', 'parameter-grid', { prompts: 'rust\ncrack', seeds: '1-4' }),
      node('all', 'combine'),
      node('draw', 'image-to-image'),
    ],
    [
      edge('photos.image', 'all.image'),
      edge('grid.prompt', 'all.prompt'),
      edge('grid.seed', 'all.seed'),
      edge('all.image', 'draw.image'),
      edge('all.prompt', 'draw.prompt'),
      edge('all.seed', 'draw.params.seed'),
    ],
  )
  expect({ status, problems: body.problems, quote: body.quote }).toEqual({
    status: 201,
    problems: undefined,
    quote: 24,
  })
})
