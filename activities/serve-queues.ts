/** Serves task queues until the process is told to stop: waits for a Temporal server that is away, and drains at the end. */
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  type LogLevel,
  type Worker,
} from '@temporalio/worker'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { sdkMetrics, type SdkMetricsAddress } from './sdk-metrics.ts'
import type { temporalEnvironment } from './temporal-env.ts'

export { readEnvironment, temporalEnvironment } from './temporal-env.ts'

type TemporalEnv = z.output<
  z.ZodObject<
    Pick<
      typeof temporalEnvironment,
      'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'TEMPORAL_TLS' | 'TEMPORAL_API_KEY'
    >
  >
>

export interface Serving {
  env: TemporalEnv
  log: Logger
  /** Where Prometheus asks for what the SDK counts; absent: it is not told. */
  metrics?: SdkMetricsAddress | undefined
  /** Makes the workers of this process; called again when they failed and the connection was made anew. */
  createWorkers(connection: NativeConnection): Promise<Worker[]>
  /** Aborts when the process should drain and end. */
  stop: AbortSignal
}

const levels: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
}

/** Resolves when everything is drained. Never gives up on a server that is away. */
export async function serveQueues({ env, log, metrics, createWorkers, stop }: Serving): Promise<void> {
  installRuntime(log, metrics)
  while (!stop.aborted) {
    try {
      const connection = await NativeConnection.connect({
        address: env.TEMPORAL_ADDRESS,
        ...(env.TEMPORAL_TLS ? { tls: true } : {}),
        ...(env.TEMPORAL_API_KEY ? { apiKey: env.TEMPORAL_API_KEY } : {}),
      })
      try {
        await runAll(await createWorkers(connection), log, stop)
      } finally {
        await connection.close().catch(() => {})
      }
    } catch (error) {
      if (stop.aborted) return
      const reason = error instanceof Error ? error.message : String(error)
      log.warn({ reason, temporal: env.TEMPORAL_ADDRESS }, 'Temporal is away; trying again in 2 s')
      await pause(2000, stop)
    }
  }
}

function installRuntime(log: Logger, metrics: SdkMetricsAddress | undefined): void {
  const install = (watched: ReturnType<typeof sdkMetrics>) =>
    Runtime.install({
      logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
        // Logged already, with the run and the node, by whoever guards the activities.
        if (message !== 'Activity failed') log[levels[level]]({ ...meta }, message)
      }),
      // The native core too writes JSON lines, through the same log.
      telemetryOptions: {
        logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
        ...watched,
      },
      // The process decides itself when to stop, and drains in its own order.
      shutdownSignals: [],
    })
  if (metrics === undefined) return void install({})
  try {
    install(sdkMetrics(metrics))
  } catch (error) {
    // Work goes on though nobody can watch it.
    log.error(
      { err: error, ...metrics },
      'metrics cannot be told there: is the port taken by another worker?',
    )
    install({})
  }
}

async function runAll(workers: readonly Worker[], log: Logger, stop: AbortSignal): Promise<void> {
  const shutdown = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
  const running = workers.map((worker) =>
    worker.run().finally(() => {
      // One that failed takes the others along: they all start anew on a new connection.
      shutdown()
    }),
  )
  stop.addEventListener('abort', shutdown, { once: true })
  if (stop.aborted) shutdown()
  log.info({ queues: workers.map((worker) => worker.options.taskQueue) }, 'serving')
  try {
    const ends = await Promise.allSettled(running)
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  } finally {
    stop.removeEventListener('abort', shutdown)
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    stop.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}

/** Aborts at the first SIGTERM or SIGINT; a second one ends the process at once. */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1)
      controller.abort()
    })
  return controller.signal
}
