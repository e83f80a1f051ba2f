/** The process on a GPU host, as it is built: started in an empty folder, it works with Temporal and the API alone. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createFileStore, type ArtifactStore } from '@defect-studio/stores/artifacts'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testGraph } from '../nodes/graph.fixtures.ts'
import { startTestStudio, type TestStudio } from '../workflows/studio.fixtures.ts'

const root = path.join(import.meta.dirname, '..')
const token = 'token-of-a-gpu-host-in-tests'
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-gpu-'))
// Inside the repository, because packages from npm are looked up from where the bundle lies.
const bundle = path.join(root, '.data', 'test', `gpu-worker-${process.pid}.js`)
const threadBundle = bundle.replace('.js', '.thread.js')

let studio: TestStudio
let worker: ChildProcess | undefined
beforeAll(async () => {
  const { bundleProcess } = await import('../scripts/bundle-process.mjs')
  const toBundle = (entry: string, file: string) =>
    bundleProcess({ root, entry, output: path.relative(root, file) })
  await toBundle('gpu-workers/worker.ts', bundle)
  await toBundle('gpu-workers/pipeline-thread.ts', threadBundle)
  studio = await startTestStudio({}, { gpu: false })
})
afterAll(async () => {
  if (worker && worker.exitCode === null) worker.kill('SIGKILL')
  await studio.close()
  for (const file of [bundle, threadBundle])
    for (const one of [file, `${file}.map`]) fs.rmSync(one, { force: true })
  fs.rmSync(folder, { recursive: true, force: true })
})

type Seen = { path: string; body: string }

/** What a GPU host needs of the studio, with artifacts in a folder. It says which requests came. */
function startApi(artifacts: ArtifactStore, port = 0) {
  const seen: Seen[] = []
  const waiting: { fits: (one: Seen) => boolean; resolve: () => void }[] = []
  const server = http.createServer((request, response) => {
    const address = request.url ?? ''
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
      const body = Buffer.concat(chunks)
      if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401).end()
      const key = address.split('/api/v1/worker/artifacts/')[1]
      if (key !== undefined && request.method === 'PUT')
        await artifacts.put(body, request.headers['content-type'] ?? '')
      else if (key !== undefined && !(await artifacts.has(key))) return response.writeHead(404).end()
      if (request.method === 'GET' && key !== undefined) return response.end(await artifacts.get(key))
      response.end('{}')
      const one = { path: address, body: key === undefined ? body.toString() : '' }
      seen.push(one)
      for (const { fits, resolve } of waiting) if (fits(one)) resolve()
    })()
  })
  server.listen(port, '127.0.0.1')
  return {
    seen,
    server,
    heard: (wanted: string, has = '') =>
      new Promise<void>((resolve) => {
        const fits = (one: Seen) => one.path === wanted && one.body.includes(has)
        if (seen.some(fits)) resolve()
        else waiting.push({ fits, resolve })
      }),
  }
}

test('registers, draws a defect with its mask, outlives the API, and drains when it is told to stop', async () => {
  const artifacts = createFileStore(path.join(folder, 'artifacts'))
  const api = startApi(artifacts)
  await once(api.server, 'listening')
  const { port } = api.server.address() as AddressInfo
  const empty = path.join(folder, 'empty')
  fs.mkdirSync(empty)
  worker = spawn(process.execPath, [bundle], {
    cwd: empty,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Nothing of this process's own environment: above all no DATABASE_URL.
    env: {
      PATH: process.env['PATH'],
      TEMPORAL_ADDRESS: studio.address,
      TEMPORAL_NAMESPACE: studio.namespace,
      API_URL: `http://127.0.0.1:${port}`,
      WORKER_TOKEN: token,
      SERVER_ID: 'test-server',
      WARM_UP_MODEL: 'starter',
    },
  })
  let log = ''
  worker.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  await api.heard('/api/v1/worker/register')
  const registration = JSON.parse(
    api.seen.find(({ path: at }) => at.endsWith('register'))?.body ?? '{}',
  ) as unknown
  expect(registration).toMatchObject({
    serverId: 'test-server',
    provider: 'cpu',
    models: expect.arrayContaining([expect.objectContaining({ id: 'starter' })]),
  })

  const photo = await sharp({ create: { width: 96, height: 64, channels: 3, background: '#8a8d90' } })
    .png()
    .toBuffer()
  const image = {
    ...(await artifacts.put(photo, 'image/png')),
    mediaType: 'image/png',
    width: 96,
    height: 64,
  }
  const graph = testGraph(
    {
      load: ['load-image', { image: { ...image, name: 'part.png' } }],
      mask: ['mask', { size: 0.6 }],
      defect: ['draw-defect', { kind: 'stain', seed: 3 }],
      clean: 'clean-up',
    },
    [
      'load.image > mask.image',
      'load.image > defect.image',
      'mask.mask > defect.place',
      'defect.image > clean.image',
      'defect.mask > clean.mask',
    ],
  )
  const first = await studio.start(graph)
  await first.handle.result()
  const drawn = studio.books.of(first.runId).rows.get('defect#0')
  const result = drawn?.outputs['image']?.[0]?.value
  expect(result).toMatchObject({ mediaType: 'image/png', width: 96, height: 64 })
  if (typeof result !== 'object') throw new Error('There is no picture.')
  const { data } = await sharp(await artifacts.get(result.key))
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect(data.equals(await sharp(photo).raw().toBuffer())).toBe(false)
  await api.heard('/api/v1/worker/progress')

  // A model computes: previews come, and a cancel is heard between two steps.
  const long = testGraph(
    {
      prompt: ['prompt', { text: 'rust on brushed metal' }],
      draw: ['text-to-image', { steps: 150, count: 4, seed: 1 }],
    },
    ['prompt.text > draw.prompt'],
  )
  const cancelled = await studio.start(long)
  await api.heard('/api/v1/worker/progress', 'data:image/webp;base64,')
  await cancelled.handle.cancel()
  await expect(cancelled.handle.result()).rejects.toThrow()
  expect(studio.books.of(cancelled.runId).end).toEqual({ status: 'cancelled' })
  const steps = api.seen
    .filter(({ body }) => body.includes(cancelled.runId))
    .map(({ body }) => JSON.parse(body) as { step: number; total: number })
  expect(steps.at(-1)?.total).toBe(600)
  expect(steps.at(-1)?.step).toBeLessThan(600)
  const { events } = await cancelled.handle.fetchHistory()
  const attempts = events?.flatMap((event) => event.activityTaskStartedEventAttributes?.attempt ?? [])
  expect(attempts).toEqual([1])

  // The API goes away and comes back on the same port: the next run works, and the server is heard of again.
  api.server.closeAllConnections()
  api.server.close()
  await once(api.server, 'close')
  studio.books.cache.clear()
  const second = await studio.start(graph)
  const again = startApi(artifacts, port)
  await second.handle.result()
  // The model that was warmed up is told of.
  await again.heard('/api/v1/worker/beat', '"id":"starter"')

  worker.kill('SIGTERM')
  const [code] = (await once(worker, 'exit')) as [number | null]
  expect(code).toBe(0)
  expect(log).not.toContain(token)
  expect(log).toContain('warmed up')
  for (const line of log.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
  again.server.closeAllConnections()
  again.server.close()
}, 120_000)

test('without the address of the API it says what is missing, and ends', async () => {
  const child = spawn(process.execPath, [bundle], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code).toBe(1)
  expect(words).toContain('API_URL')
})
