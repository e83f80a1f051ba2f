/** A worker process: the workflows with their books on `graph`, the side effects on `io`, or both. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createDatabase } from '@defect-studio/prisma'
import {
  DocumentsUrl,
  isPassing,
  openArtifactStore,
  openDocuments,
  readSourceConfig,
  retentionEnvironment,
  retentionPolicy,
  surviveLostConnections,
} from '@defect-studio/stores'
import { graphTaskQueue, ioTaskQueue } from '@defect-studio/workflows/run-messages'
import { bundleWorkflowCode, Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker'
import { pino } from 'pino'
import { z } from 'zod'
import { guardActivities } from './guard-activities.ts'
import { createGraphBooks } from './graph-books.ts'
import { createHouseActivities } from './house.ts'
import { createIoActivities } from './index.ts'
import { createRunCalls } from './run-calls.ts'
import { sdkMetricsEnvironment } from './sdk-metrics.ts'
import { readEnvironment, serveQueues, stopOnSignals, temporalEnvironment } from './serve-queues.ts'
import { startTelemetry, telemetryEnvironment } from './telemetry.ts'
import { versionEnvironment, workerVersion } from './worker-version.ts'

const Environment = z.object({
  ...temporalEnvironment,
  DATABASE_URL: z.string().min(1),
  DATA_DIR: z.string().default('.data'),
  ARTIFACTS_URL: z.url().optional(),
  DOCUMENTS_URL: DocumentsUrl.optional(),
  PUBLIC_URL: z.url().optional(),
  ALLOW_EXTERNAL_MAIL: z.stringbool().default(false),
  SOURCE_ROOTS: z.string().optional(),
  SOURCE_BUCKETS: z.string().optional(),
  ...retentionEnvironment,
  ...versionEnvironment,
  ...telemetryEnvironment,
  ...sdkMetricsEnvironment,
  WORKER_QUEUES: z
    .string()
    .default('graph,io')
    .transform((text) => text.split(',').map((queue) => queue.trim()))
    .pipe(z.array(z.enum([graphTaskQueue, ioTaskQueue])).min(1)),
})

const env = readEnvironment(Environment, process.env)
const log = pino({ level: env.LOG_LEVEL, base: { process: `worker ${env.WORKER_QUEUES.join(',')}` } })
surviveLostConnections(log)
const onConnectionLost = (error: Error) => log.warn({ err: error }, 'a database connection was lost')
const db = createDatabase(env.DATABASE_URL, { connections: 10, onConnectionLost })
const { documents, close: closeDocuments } = openDocuments({ url: env.DOCUMENTS_URL, db, onConnectionLost })
const artifacts = openArtifactStore(
  env.ARTIFACTS_URL ?? pathToFileURL(path.join(path.resolve(env.DATA_DIR), 'artifacts')).href,
)
const rules = { log, isPassing }
const telemetry = await startTelemetry(env, 'defect-studio-worker')

/** A cancel is heard with a heartbeat, and each costs the server a write; calls here are short. */
const ioBeatMs = 500

async function graphWorker(connection: NativeConnection): Promise<Worker> {
  return Worker.create({
    ...common(connection, graphTaskQueue),
    ...(await workflowCode()),
    // Only workflow code has builds; activities are named by calls, and a worker says which it does not know.
    ...workerVersion(env),
    // Books are tried again in place for as long as the database is away: many tries, a few seconds apart.
    activities: guardActivities(createGraphBooks({ db, artifacts, log }), { ...rules, internalAttempts: 10 }),
    // Only local ones: this queue never has to carry an activity task.
    enableNonLocalActivities: false,
    // A workflow in the cache has about 1 MB; beyond it runs are replayed when they go on.
    maxCachedWorkflows: 300,
  })
}

async function ioWorker(connection: NativeConnection): Promise<Worker> {
  const ioWorld = {
    db,
    documents,
    publicUrl: env.PUBLIC_URL ?? null,
    allowExternalMail: env.ALLOW_EXTERNAL_MAIL,
    sources: readSourceConfig(env),
  }
  return Worker.create({
    ...common(connection, ioTaskQueue),
    activities: {
      ...createRunCalls(createIoActivities({ ...ioWorld, artifacts }), {
        ...rules,
        internalAttempts: 3,
        worker: `${os.hostname()}:${process.pid}`,
        // Most wait for the store or for other systems; more would only wait for the ten database connections.
        atOnce: 8,
        beatMs: ioBeatMs,
      }),
      ...guardActivities(
        createHouseActivities({ ...ioWorld, artifacts, retention: retentionPolicy(env), log }),
        {
          ...rules,
          internalAttempts: 10,
        },
      ),
    },
    maxConcurrentActivityTaskExecutions: 50,
    maxHeartbeatThrottleInterval: ioBeatMs,
  })
}

function common(connection: NativeConnection, taskQueue: string) {
  return {
    connection,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue,
    ...telemetry.workerOptions,
    // The longest piece of work here is a transaction of a few seconds.
    shutdownGraceTime: '10 seconds',
  } satisfies Partial<WorkerOptions>
}

/** The bundle that the build made lies beside this process's own; from sources it is made now. */
async function workflowCode(): Promise<Pick<WorkerOptions, 'workflowBundle'>> {
  const prebuilt = path.join(path.dirname(path.resolve(process.argv[1] ?? '')), 'workflow-bundle.js')
  if (fs.existsSync(prebuilt)) return { workflowBundle: { codePath: prebuilt } }
  const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url))
  const beside = (file: string) => fileURLToPath(new URL(`../workflows/${file}`, import.meta.url))
  const workflowInterceptorModules = [beside('trace-headers.ts')]
  const preloadModules = [beside('short-stacks.ts')]
  return {
    workflowBundle: await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, preloadModules }),
  }
}

const makers = { graph: graphWorker, io: ioWorker }
const port = env.WORKER_QUEUES.includes(graphTaskQueue)
  ? env.GRAPH_WORKER_METRICS_PORT
  : env.IO_WORKER_METRICS_PORT
await serveQueues({
  env,
  log,
  metrics: port === undefined ? undefined : { host: env.WORKER_METRICS_HOST, port },
  stop: stopOnSignals(),
  createWorkers: (connection) => Promise.all(env.WORKER_QUEUES.map((queue) => makers[queue](connection))),
})
await closeDocuments()
await db.$disconnect()
await telemetry.close()
log.info('stopped')
