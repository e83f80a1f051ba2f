/** The address at which Prometheus asks: a port of its own, so that no proxy shows it to everybody by mistake. */
import { createHash, timingSafeEqual } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { Metrics } from './create-metrics.ts'

export const metricsEnvironment = {
  /** Switches metrics on; 0 takes a free port. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_TOKEN: z.string().min(16, 'has at least 16 characters').optional(),
}

export interface MetricsAddress {
  port: number
  host: string
  /** Asked for as `Authorization: Bearer …`; null where only this machine can ask. */
  token: string | null
}

/** @returns null when nobody asked for metrics. @throws Error when figures would be open to a network. */
export function readMetricsAddress(env: {
  METRICS_PORT?: number | undefined
  METRICS_HOST: string
  METRICS_TOKEN?: string | undefined
}): MetricsAddress | null {
  const { METRICS_PORT: port, METRICS_HOST: host, METRICS_TOKEN: token = null } = env
  if (port === undefined) return null
  if (token === null && !['127.0.0.1', '::1', 'localhost'].includes(host))
    throw new Error(
      `METRICS_HOST=${host} opens the metrics to a network: set METRICS_TOKEN to at least 16 characters as well, or leave METRICS_HOST out.`,
    )
  return { port, host, token }
}

export async function serveMetrics(
  metrics: Pick<Metrics, 'scrape'>,
  { port, host, token }: MetricsAddress,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    const refuse = (status: number) => void response.writeHead(status).end()
    if (token !== null && !isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return refuse(401)
    if (request.method !== 'GET') return refuse(405)
    if (request.url?.split('?')[0] !== '/metrics') return refuse(404)
    metrics.scrape().then(
      ({ contentType, text }) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
      () => refuse(500),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** In a time that says nothing of where they differ. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
