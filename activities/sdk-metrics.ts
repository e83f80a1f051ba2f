/** What Temporal's SDK counts of a worker (slots, polls, latencies), for Prometheus, where somebody asked for it. */
import type { RuntimeOptions } from '@temporalio/worker'
import { z } from 'zod'

export const sdkMetricsEnvironment = {
  /** Switches them on. Each process of a machine needs a port of its own. */
  WORKER_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** The SDK asks nobody for a token: only name a network that Prometheus alone reaches. */
  WORKER_METRICS_HOST: z.string().default('127.0.0.1'),
}

export interface SdkMetricsEnv {
  WORKER_METRICS_PORT?: number | undefined
  WORKER_METRICS_HOST?: string | undefined
}

export function sdkMetrics({
  WORKER_METRICS_PORT: port,
  WORKER_METRICS_HOST: host = '127.0.0.1',
}: SdkMetricsEnv): Pick<NonNullable<RuntimeOptions['telemetryOptions']>, 'metrics'> {
  if (port === undefined) return {}
  const address = host.includes(':') ? `[${host}]` : host
  return { metrics: { prometheus: { bindAddress: `${address}:${port}` } } }
}
