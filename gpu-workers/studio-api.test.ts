/** A worker that runs says by itself which models came and went. */
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { goldensFolder } from './models/install.test-support.ts'
import { discardModel } from './models/staging.ts'
import { createModelShelf } from './pipeline/models.ts'
import { createStudioApi } from './studio-api.ts'

const Registration = z.object({
  models: z.array(z.object({ id: z.string(), digest: z.string(), bytes: z.number() })),
})

test('registers anew when a model is installed or removed, and not otherwise', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'worker-models-'))
  const registered: string[][] = []
  let beats = 0
  let heard = () => {}
  const server = http.createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
      if (request.url?.endsWith('/register'))
        registered.push(Registration.parse(body).models.map(({ id }) => id))
      else beats++
      response.end('{}')
      heard()
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => (heard = resolve))
  }

  const shelf = createModelShelf({ modelsDirs: [dir] })
  const studio = createStudioApi({
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    workerToken: 'token-of-a-worker-in-tests',
    log: pino({ level: 'silent' }),
    serverId: 'test-server',
    beatMs: 20,
    loaded: () => [],
    async describe() {
      const { models } = await shelf.list()
      return { name: 'Test', provider: 'cpu', device: 'none', memoryMb: 1, version: '0', models }
    },
  })
  const stop = new AbortController()
  const registering = studio.stayRegistered(stop.signal)
  await until(() => beats >= 3)
  expect(registered).toEqual([[]])

  await cp(join(goldensFolder, 'tiny-matting'), join(dir, '.install-x'), { recursive: true })
  await cp(join(dir, '.install-x'), join(dir, 'mine'), { recursive: true })
  await until(() => registered.at(-1)?.includes('mine') === true)
  await discardModel(dir, 'mine')
  await until(() => registered.at(-1)?.length === 0 && registered.length > 1)
  stop.abort()
  await registering
  server.closeAllConnections()
  server.close()
  await rm(dir, { recursive: true, force: true })
})
