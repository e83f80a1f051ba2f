/** What Prometheus reads: figures of a real database and a real Temporal server, for who may ask. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createLedger } from '@defect-studio/stores'
import { graphTaskQueue } from '@defect-studio/workflows/run-messages'
import { Client, Connection } from '@temporalio/client'
import express from 'express'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createTestNamespace } from '../../scripts/testing/test-namespace.ts'
import { createMember } from '../../stores/bookkeeping/books.fixtures.ts'
import { createMetrics, type Metrics } from './create-metrics.ts'
import { readMetricsAddress, serveMetrics } from './serve-metrics.ts'

let db: Database
let temporal: Client
let metrics: Metrics

beforeAll(async () => {
  const where = await createTestNamespace()
  db = createDatabase(await createTestDatabase())
  const connection = await Connection.connect({ address: where.address })
  temporal = new Client({ connection, namespace: where.namespace })
  const log = pino({ level: 'silent' })
  metrics = await createMetrics({ db, temporal, temporalNamespace: where.namespace, log })
})
afterAll(async () => {
  await temporal.connection.close()
  await db.$disconnect()
})

/** The samples of one metric, by their labels as they are written. */
async function figures(name: string): Promise<Record<string, number>> {
  const { text } = await metrics.scrape()
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(name.length, at), Number(line.slice(at + 1))]
    }),
  )
}

test('what waits on a queue is counted, and how long the first has waited', async () => {
  await temporal.workflow.start('runGraph', { taskQueue: graphTaskQueue, workflowId: 'waits', args: [] })
  const depth = async () => (await figures('studio_queue_depth'))['{queue="graph"}'] ?? 0
  while ((await depth()) < 1) await new Promise(setImmediate)
  expect(await depth()).toBe(1)
  expect((await figures('studio_queue_wait_seconds'))['{queue="graph"}']).toBeGreaterThan(0)
  expect(Object.keys(await figures('studio_queue_depth'))).toEqual(
    expect.arrayContaining(['{queue="io"}', '{queue="gpu"}', '{queue="training"}']),
  )
})

test('tokens are those of the ledger, runs those of the database', async () => {
  const member = await createMember(db, createLedger(db), 100n)
  await db.run.create({
    data: {
      ...{ graphName: 'Test', ownerId: member.id, departmentId: member.departmentId, requestHash: 'x' },
      ...{ document: {}, plan: {}, quote: 1, saved: 2_500_000n },
    },
  })
  expect(await figures('studio_tokens')).toMatchObject({
    '{state="issued"}': 100,
    '{state="held"}': 0,
    '{state="captured"}': 0,
    '{state="saved"}': 2.5,
  })
  expect(await figures('studio_runs')).toEqual({ '{status="queued"}': 1 })
})

test('a device is busy for as long as its server says, also when its worker began anew', async () => {
  metrics.heardBusy('a', 1_000)
  metrics.heardBusy('a', 4_000)
  metrics.heardBusy('a', 500)
  expect(await figures('studio_gpu_busy_seconds_total')).toEqual({ '{server="a"}': 4.5 })
})

test('answers are measured by their route, never by their address', async () => {
  const app = express().use(metrics.requests)
  app.get('/api/v1/runs/:id', (_request, response) => void response.json({}))
  app.get('/api/v1/events', (_request, response) => void response.type('text/event-stream').end())
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const path of ['/api/v1/runs/123', '/api/v1/events', '/nothing/456'])
    await (await fetch(url + path)).text()
  expect(await figures('studio_http_request_seconds_count')).toEqual({
    '{method="GET",route="/api/v1/runs/:id",status="200"}': 1,
    '{method="GET",route="other",status="404"}': 1,
  })
  server.close()
})

test('what cannot be read is said, and the rest is told', async () => {
  const broken = await createMetrics({
    db,
    temporal,
    temporalNamespace: 'no-such-namespace',
    log: pino({ level: 'silent' }),
  })
  const { text } = await broken.scrape()
  expect(text).toContain('studio_scrape_failed{part="queues"} 1')
  expect(text).toContain('studio_scrape_failed{part="tokens"} 0')
  expect(text).toContain('studio_tokens{state="issued"}')
})

test('with a token nobody else reads them, and without one only this machine can', async () => {
  const token = 'a-token-of-some-length'
  const served = await serveMetrics(metrics, { port: 0, host: '127.0.0.1', token })
  const status = async (path: string, authorization?: string) =>
    (await fetch(new URL(path, served.url), authorization ? { headers: { authorization } } : {})).status
  expect(await status('/metrics')).toBe(401)
  expect(await status('/metrics', 'Bearer a-token-of-some-other')).toBe(401)
  expect(await status('/metrics', `Bearer ${token}`)).toBe(200)
  expect(await status('/else', `Bearer ${token}`)).toBe(404)
  await served.close()

  expect(readMetricsAddress({ METRICS_HOST: '0.0.0.0' })).toBeNull()
  expect(() => readMetricsAddress({ METRICS_PORT: 1, METRICS_HOST: '0.0.0.0' })).toThrow('set METRICS_TOKEN')
  expect(readMetricsAddress({ METRICS_PORT: 1, METRICS_HOST: '0.0.0.0', METRICS_TOKEN: token })).toEqual({
    port: 1,
    host: '0.0.0.0',
    token,
  })
})
