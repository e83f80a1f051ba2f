/** What Temporal's SDK counts of a worker (slots, polls, latencies), for Prometheus, where somebody asked for it. */
import type { RuntimeOptions } from '@temporalio/worker'
import { z } from 'zod'

const port = z.coerce.number().int().min(1).max(65_535).optional()

/** Each switches them on for one kind of process: on one machine every process needs a port of its own. */
export const sdkMetricsEnvironment = {
  /** Of a worker that serves `graph`, whatever else it serves. */
  GRAPH_WORKER_METRICS_PORT: port,
  /** Of a worker that serves `io` alone. */
  IO_WORKER_METRICS_PORT: port,
  GPU_WORKER_METRICS_PORT: port,
  /** The SDK asks nobody for a token: only name a network that Prometheus alone reaches. */
  WORKER_METRICS_HOST: z.string().default('127.0.0.1'),
}

/** Where one process tells them. */
export interface SdkMetricsAddress {
  host: string
  port: number
}

export function sdkMetrics({
  host,
  port,
}: SdkMetricsAddress): Pick<NonNullable<RuntimeOptions['telemetryOptions']>, 'metrics'> {
  const address = host.includes(':') ? `[${host}]` : host
  return { metrics: { prometheus: { bindAddress: `${address}:${port}` } } }
}
