/** Models come by upload and from the hub, with progress, a licence to accept and a way to stop; only super admins may. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { filesBelow } from '../../gpu-workers/models/check-files.ts'
import { startHub, type TestHub } from '../../gpu-workers/models/hub/hub.test-support.ts'
import { writeZip } from '../../gpu-workers/models/zip-file.test-support.ts'
import type { Installation } from '../shapes/installation.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

const root = path.join(import.meta.dirname, '..', '..')
const goldens = path.join(root, 'gpu-workers', 'goldens')
// Inside the repository, because packages from npm are looked up from where the bundle lies.
const program = path.join(root, '.data', 'test', `api-models-${process.pid}.js`)
const hubId = 'somebody/tiny-matting'

let dir: string
let hub: TestHub
let studio: TestStudio
let token: string
beforeAll(async () => {
  const { bundleProcess } = await import('../../scripts/bundle-process.mjs')
  await bundleProcess({ root, entry: 'gpu-workers/models/program.ts', output: path.relative(root, program) })
  dir = await mkdtemp(path.join(tmpdir(), 'api-models-'))
  const files: Record<string, Buffer> = {}
  for (const name of await filesBelow(path.join(goldens, 'tiny-sd')))
    files[name] = await readFile(path.join(goldens, 'tiny-sd', name))
  hub = await startHub(hubId, files, { cardData: { license: 'openrail' } })
  process.env['HF_ENDPOINT'] = hub.endpoint
})
afterAll(async () => {
  delete process.env['HF_ENDPOINT']
  await hub.close()
  for (const file of [program, `${program}.map`]) await rm(file, { force: true })
  await rm(dir, { recursive: true, force: true })
})

const patience = { timeout: 50_000, interval: 100 }

let modelsFolder: string
beforeEach(async () => {
  modelsFolder = path.join(await mkdtemp(path.join(dir, 'one-')), 'models')
  studio = await startTestStudio({ config: { modelsProgram: program, modelsFolder } })
  token = await studio.signInOwner()
})
afterEach(() => studio.close())

const list = async () =>
  (await studio.call<{ items: Installation[] }>('GET', '/api/v1/models/installations', { token })).body.items

/** Asks again and again, as the page does, until the installation is in one of these states. */
async function until(id: string, ...states: Installation['state'][]): Promise<Installation> {
  const found = await vi.waitFor(async () => {
    const one = (await list()).find((each) => each.id === id)
    if (!one || (one.endedAt === null && !states.includes(one.state))) throw new Error(JSON.stringify(one))
    return one
  }, patience)
  expect(states, JSON.stringify(found)).toContain(found.state)
  return found
}

async function zipOf(golden: string, more: { name: string; data: string }[] = []): Promise<Buffer> {
  const folder = path.join(goldens, golden)
  const entries = await Promise.all(
    (await filesBelow(folder)).map(async (name) => ({ name, data: await readFile(path.join(folder, name)) })),
  )
  const file = path.join(dir, `${golden}.zip`)
  await writeZip(file, [...entries, ...more])
  return readFile(file)
}

const upload = (body: Buffer, query: string, as = token) =>
  studio.call<Installation>('POST', `/api/v1/models/uploads?${query}`, {
    token: as,
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/zip' },
  })

test('a zip is sent, installed and removed again', async () => {
  const { status, body } = await upload(await zipOf('tiny-matting'), 'name=my%20net.zip')
  expect(status).toBe(202)
  const done = await until(body.id, 'installed')
  expect(done).toMatchObject({ from: 'zip', name: 'my net.zip', modelId: 'my-net', failure: null })
  expect(await readdir(path.join(modelsFolder, 'my-net'))).toContain('model.onnx')
  expect(await readdir(path.join(modelsFolder, '.uploads'))).toEqual([])

  expect((await studio.call('DELETE', '/api/v1/models/my-net', { token })).status).toBe(204)
  expect(await readdir(modelsFolder)).toEqual(['.uploads'])
  expect((await studio.call('DELETE', '/api/v1/models/my-net', { token })).status).toBe(404)
  expect((await studio.call('DELETE', '/api/v1/models/starter', { token })).status).toBe(422)
})

test('a zip that could run programs is refused, with the reason, and nothing of it stays', async () => {
  const bad = await zipOf('tiny-matting', [{ name: '../../evil.json', data: '{}' }])
  const { body } = await upload(bad, 'name=bad.zip')
  const failed = await until(body.id, 'failed')
  expect(failed.failure).toMatchObject({ code: 'unsafe-zip', message: expect.stringContaining('../../evil') })
  expect(await readdir(modelsFolder)).toEqual(['.uploads'])
  expect(await readdir(path.join(modelsFolder, '.uploads'))).toEqual([])
})

test('a model of the hub waits for its licence, is stopped, and then comes', async () => {
  const pull = () =>
    studio.call<Installation>('POST', '/api/v1/models/pull', { token, json: { hubId, id: 'from-hub' } })
  const first = await pull()
  expect(first.status).toBe(202)
  const asking = await until(first.body.id, 'asks-licence')
  expect(asking.licence).toMatchObject({ licence: 'openrail' })
  expect(hub.seen.filter((line) => line.includes('/resolve/'))).toEqual([])
  expect((await pull()).body).toMatchObject({ code: 'installing' })
  const at = `/api/v1/models/installations/${first.body.id}`
  expect((await studio.call('DELETE', at, { token })).status).toBe(204)
  expect(await until(first.body.id, 'cancelled')).toMatchObject({ failure: { code: 'cancelled' } })
  expect((await studio.call('DELETE', at, { token })).status).toBe(204)
  expect(await list()).toEqual([])

  const { body } = await pull()
  await until(body.id, 'asks-licence')
  await studio.call('POST', `/api/v1/models/installations/${body.id}/accept-licence`, { token })
  expect(await until(body.id, 'installed')).toMatchObject({ modelId: 'from-hub', state: 'installed' })
})

test('an id that the hub does not have is said so', async () => {
  const json = { hubId: 'nobody/nothing' }
  const { body } = await studio.call<Installation>('POST', '/api/v1/models/pull', { token, json })
  expect((await until(body.id, 'failed')).failure?.code).toBe('not-on-hub')
  for (const wrong of [{ hubId: '../etc' }, {}, { hubId, catalogue: 'lama' }, { hubId, revision: '../x' }])
    expect((await studio.call('POST', '/api/v1/models/pull', { token, json: wrong })).status).toBe(422)
})

test('an upload that is cut off leaves nothing behind', async () => {
  const { port, hostname } = new URL(studio.url)
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/zip',
    'content-length': 1e6,
  }
  const request = http.request({
    port,
    hostname,
    method: 'POST',
    path: '/api/v1/models/uploads?name=a.zip',
    headers,
  })
  request.on('error', () => {})
  request.write(Buffer.alloc(1000))
  const uploads = path.join(modelsFolder, '.uploads')
  await vi.waitFor(async () => expect(await readdir(uploads)).toHaveLength(1), patience)
  request.destroy()
  await vi.waitFor(async () => expect(await readdir(uploads)).toEqual([]), patience)
  expect(await list()).toEqual([])
})

test('only super admins install and remove, and a studio that ends stops what is under way', async () => {
  const admin = await studio.signInMember('admin', 'department_admin')
  for (const as of [admin, undefined]) {
    const status = as === undefined ? 401 : 403
    expect((await upload(Buffer.from('PK'), 'name=a.zip', as ?? '')).status).toBe(status)
    expect((await studio.call('POST', '/api/v1/models/pull', { token: as, json: { hubId } })).status).toBe(
      status,
    )
    expect((await studio.call('GET', '/api/v1/models/installations', { token: as })).status).toBe(status)
    expect((await studio.call('DELETE', '/api/v1/models/a', { token: as })).status).toBe(status)
  }
  const { body } = await studio.call<Installation>('POST', '/api/v1/models/pull', { token, json: { hubId } })
  await until(body.id, 'asks-licence')
  await studio.drain()
  expect((await list())[0]?.state).toBe('cancelled')
})

test('an API without the program says where models are installed', async () => {
  const alone = await startTestStudio()
  const owner = await alone.signInOwner()
  const { status, body } = await alone.call('POST', '/api/v1/models/pull', { token: owner, json: { hubId } })
  expect(status).toBe(503)
  expect(body).toMatchObject({
    code: 'not-available',
    remedy: expect.stringContaining('npm run studio -- models'),
  })
  await alone.close()
})
