/** The store of GPU hosts against a small HTTP server that keeps the API's side of the agreement. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApiStore } from './api-store.ts'
import { artifactKey } from './artifact-key.ts'
import { describeArtifactStore } from './artifact-store.contract.ts'
import { createFileStore } from './file-store.ts'

let folder = ''
let apiUrl = ''
let server: http.Server
/** Answers given instead of real ones, first come first served; 'cut' breaks the connection. */
let failures: (number | 'cut' | 'damage')[] = []
let methods: string[] = []
const pauses: number[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'artifacts-'))
  const files = createFileStore(folder)
  server = http.createServer(async (request, response) => {
    methods.push(request.method ?? '')
    const body = await buffer(request)
    const failure = failures.shift()
    if (failure === 'cut') return request.socket.destroy()
    if (typeof failure === 'number') return response.writeHead(failure).end('out of order')
    if (request.headers.authorization !== 'Bearer secret') return response.writeHead(401).end()
    const key = request.url?.replace('/api/v1/worker/artifacts/', '') ?? ''
    if (request.method === 'PUT') {
      if (artifactKey(body) !== key || !request.headers['content-type']) return response.writeHead(422).end()
      await files.put(body, request.headers['content-type'])
      return response.writeHead(204).end()
    }
    if (!(await files.has(key))) return response.writeHead(404).end()
    if (request.method === 'HEAD') return response.end()
    if (failure === 'damage') return response.end('something else')
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')
    if (range) response.writeHead(206)
    const stream = await files.open(
      key,
      range ? { start: Number(range[1]), end: Number(range[2]) } : undefined,
    )
    return stream.pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  failures = []
  methods = []
  pauses.length = 0
})

const open = (workerToken = 'secret', address = apiUrl) =>
  createApiStore({
    apiUrl: address,
    workerToken,
    pause: async (milliseconds) => void pauses.push(milliseconds),
  })

describeArtifactStore('The API store', () => open())

test('tries again when the API restarts, waiting longer each time', async () => {
  failures = ['cut', 503, 502]
  const { key } = await open().put(new Uint8Array(randomBytes(10)), 'image/png')
  expect(await open().has(key)).toBe(true)
  expect(pauses).toHaveLength(3)
  expect(Math.max(...pauses)).toBeLessThanOrEqual(4_000)
})

test('gives up after five attempts and says who does not answer', async () => {
  failures = ['cut', 'cut', 'cut', 'cut', 'cut']
  const key = artifactKey(new Uint8Array([1]))
  await expect(open().get(key)).rejects.toMatchObject({
    type: 'unavailable',
    message: expect.stringContaining(apiUrl) as string,
  })
  failures = [500, 500, 500, 500, 500]
  await expect(open().get(key)).rejects.toMatchObject({ type: 'unavailable' })
})

test('does not send bytes that the studio already has', async () => {
  const bytes = new Uint8Array(randomBytes(10))
  await open().put(bytes, 'image/png')
  await open().put(bytes, 'image/png')
  expect(methods).toEqual(['HEAD', 'PUT', 'HEAD'])
})

test('finds out that bytes were damaged on the way', async () => {
  const { key } = await open().put(new Uint8Array(randomBytes(10)), 'image/png')
  failures = ['damage']
  await expect(open().get(key)).rejects.toMatchObject({ type: 'unavailable' })
})

test('says that the token is refused, and does not try again', async () => {
  const bytes = new Uint8Array(randomBytes(10))
  await expect(open('wrong').put(bytes, 'image/png')).rejects.toThrow("refuses this worker's token (401)")
  await expect(open('wrong').has(artifactKey(bytes))).rejects.toThrow('WORKER_TOKEN')
  expect(pauses).toEqual([])
})
