/** What Prometheus is told: figures that are asked for at each scrape, and durations that are measured as requests go by. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { Client } from '@temporalio/client'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { readQueues, readRuns, readServers, readTokens } from './read-figures.ts'

export interface Metrics {
  /** Goes before every route: measures how long answers take. */
  requests: RequestHandler
  /** Milliseconds that a server's device has worked since its worker began, as it says with each beat. */
  heardBusy(serverId: string, busyMs: number): void
  /** The figures of now, in Prometheus' text form. */
  scrape(): Promise<{ contentType: string; text: string }>
}

export interface MetricsWorld {
  db: PrismaClient
  temporal: Client
  temporalNamespace: string
  log: Logger
}

/** Whoever scrapes gives up after ten seconds: what is slow is left out of this scrape. */
const patienceMs = 4_000

export async function createMetrics(world: MetricsWorld): Promise<Metrics> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })

  const depth = gauge('studio_queue_depth', 'Tasks that wait on a queue, about.', 'queue')
  const wait = gauge('studio_queue_wait_seconds', 'How long the first task of a queue has waited.', 'queue')
  const added = gauge('studio_queue_added_per_second', 'Tasks that come to a queue.', 'queue')
  const dispatched = gauge(
    'studio_queue_dispatched_per_second',
    'Tasks that workers take from a queue.',
    'queue',
  )
  const runs = gauge('studio_runs', 'Runs by their status.', 'status')
  const up = gauge('studio_gpu_server_up', '1 while a GPU server is seen, 0 when it is gone.', 'server')
  const tokens = gauge(
    'studio_tokens',
    'Tokens as the ledger has them: issued, held, captured, expired, saved.',
    'state',
  )
  const failed = gauge('studio_scrape_failed', '1 where a part of this scrape could not be read.', 'part')
  const busy = new Counter({
    name: 'studio_gpu_busy_seconds_total',
    help: 'Seconds that the device of a GPU server has worked. Its rate is the busy share.',
    labelNames: ['server'],
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'studio_http_request_seconds',
    help: 'How long answers take. Event streams are left out.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers: [registry],
  })
  const lastBusyMs = new Map<string, number>()

  const parts = {
    async queues() {
      const servers = await readServers(world.db)
      for (const { id, isOnline } of servers) up.set({ server: id }, isOnline ? 1 : 0)
      const online = servers.flatMap(({ id, isOnline }) => (isOnline ? [id] : []))
      for (const figures of await readQueues(world.temporal, world.temporalNamespace, online)) {
        const { queue } = figures
        depth.set({ queue }, figures.depth)
        wait.set({ queue }, figures.waitSeconds)
        added.set({ queue }, figures.added)
        dispatched.set({ queue }, figures.dispatched)
      }
    },
    async runs() {
      for (const { status, count } of await readRuns(world.db)) runs.set({ status }, count)
    },
    async tokens() {
      for (const [state, amount] of Object.entries(await readTokens(world.db))) tokens.set({ state }, amount)
    },
  }

  /** One part that cannot be read leaves the others as they are. */
  async function read([part, ask]: [string, () => Promise<void>]): Promise<void> {
    try {
      await withPatience(ask())
      failed.set({ part }, 0)
    } catch (error) {
      world.log.warn({ err: error, part }, 'a part of the metrics could not be read')
      failed.set({ part }, 1)
    }
  }

  return {
    requests(request, response, next) {
      const end = durations.startTimer()
      response.once('close', () => {
        if (String(response.getHeader('content-type')).startsWith('text/event-stream')) return
        // The pattern, never the address: ids would make a series of each.
        const pattern = (request.route as { path?: unknown } | undefined)?.path
        const route = typeof pattern === 'string' ? `${request.baseUrl}${pattern}` : 'other'
        end({ method: request.method, route, status: String(response.statusCode) })
      })
      next()
    },
    heardBusy(server, busyMs) {
      const before = lastBusyMs.get(server) ?? 0
      lastBusyMs.set(server, busyMs)
      // A worker that was started anew begins at 0.
      busy.inc({ server }, Math.max(0, busyMs >= before ? busyMs - before : busyMs) / 1000)
    },
    async scrape() {
      for (const one of [depth, wait, added, dispatched, runs, up]) one.reset()
      await Promise.all(Object.entries(parts).map(read))
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

async function withPatience(asked: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer after ${patienceMs / 1000} s.`)), patienceMs)
  })
  try {
    await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
