/** One trace from a request through its run to what a worker asks of the API again, as a collector receives it. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import express from 'express'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { startTelemetry as startApiTelemetry } from '../api/telemetry.ts'
import { createTestNamespace } from '../scripts/testing/test-namespace.ts'
import { createRunCalls } from './run-calls.ts'
import { startTelemetry } from './telemetry.ts'

Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) })

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) })),
})
const Export = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(Span) })) })),
})

/** Takes traces as OTLP over HTTP. */
async function startCollector() {
  const spans: z.infer<typeof Span>[] = []
  const server = http.createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { resourceSpans } = Export.parse(JSON.parse(Buffer.concat(chunks).toString()))
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
      response.setHeader('content-type', 'application/json').end('{}')
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { spans, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('one trace goes from the request through the workflow and its child to the activity and back to the API', async () => {
  const collector = await startCollector()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  // The exporter reads the standard variables itself.
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
  const api = await startApiTelemetry(env)
  const telemetry = await startTelemetry(env, 'worker-in-tests')
  if (!api) throw new Error('There is no telemetry.')

  const where = await createTestNamespace()
  const connection = await NativeConnection.connect({ address: where.address })
  const client = new Client({
    connection: await Connection.connect({ address: where.address }),
    namespace: where.namespace,
    interceptors: { workflow: [api.workflows] },
  })
  const app = express().use(api.requests)
  app.post('/api/v1/runs', async (_request, response) => {
    const workflowId = randomUUID()
    const args = ['work', 'part.png', 'runCalls'] as const
    await client.workflow.execute('callThroughChild', { taskQueue: 'caller', workflowId, args: [...args] })
    response.json({})
  })
  // Two that watch fetch are in this one process, and each says whose the request is.
  let broughtBack = ''
  app.get('/api/v1/worker/artifacts/:key', (request, response) => {
    broughtBack = request.get('traceparent') ?? ''
    response.json({})
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const common = { connection, namespace: where.namespace, ...telemetry.workerOptions }
  const folder = path.join(import.meta.dirname)
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: 'caller',
      workflowBundle: await bundleWorkflowCode({
        workflowsPath: path.join(folder, 'inference', 'call-queue.fixtures.ts'),
        workflowInterceptorModules: [path.join(folder, '..', 'workflows', 'trace-headers.ts')],
        logger: new DefaultLogger('ERROR'),
      }),
    }),
    Worker.create({
      ...common,
      taskQueue: 'work',
      activities: createRunCalls(
        { upscale: async () => (await fetch(`${url}/api/v1/worker/artifacts/0123456789`)).status },
        { log: pino({ level: 'silent' }), worker: 'w', atOnce: 1, beatMs: 1000, internalAttempts: 3 },
      ),
    }),
  ])
  const running = workers.map((worker) => worker.run())
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  // Not by fetch, which is watched in this process and would begin a trace of its own.
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  const request = http.request(`${url}/api/v1/runs?secret=1`, { method: 'POST', headers }).end()
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
  expect(answer.resume().statusCode).toBe(200)
  for (const worker of workers) worker.shutdown()
  await Promise.all(running)
  await client.connection.close()
  await connection.close()
  server.close()
  await telemetry.close()
  await api.close()
  collector.server.close()
  vi.unstubAllEnvs()

  const spans = collector.spans.filter((span) => span.traceId === traceId)
  const named = (name: string) => spans.find((span) => span.name === name)
  const chain = [
    'POST /api/v1/runs',
    'start callThroughChild',
    'callThroughChild',
    'callQueue',
    'runCalls',
    'GET',
  ]
  for (const [index, name] of chain.entries()) {
    const parent = index === 0 ? 'b7ad6b7169203331' : named(chain[index - 1] ?? '')?.spanId
    expect([name, named(name)?.parentSpanId]).toEqual([name, parent])
  }
  expect(broughtBack).toContain(traceId)
  expect(broughtBack).toContain(named('GET')?.spanId)
  expect(named('runCalls')?.attributes).toContainEqual({
    key: 'studio.call',
    value: { stringValue: 'upscale' },
  })
  // Queries hold signatures of links.
  expect(JSON.stringify(named('POST /api/v1/runs'))).not.toContain('secret')
})

test('without the address of a collector nothing is traced', async () => {
  expect(await startApiTelemetry({})).toBeNull()
  const { workerOptions } = await startTelemetry({}, 'worker')
  expect(Object.keys(workerOptions)).toEqual(['sinks'])
})
