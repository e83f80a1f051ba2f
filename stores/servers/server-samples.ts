/** How busy servers have been: a sample every few seconds, kept for a day. */
import type { Database, ServerSample, Transaction } from '@defect-studio/prisma'

/** Of each span of so many milliseconds the first sample is kept. */
export const sampleEveryMs = 5_000
const keptMs = 24 * 60 * 60_000

/** What a server says of itself; null where it cannot know. */
export interface ServerReadings {
  /** Percent, 0 … 100: of the device, or of all processors where there is no GPU. */
  utilisation: number | null
  memoryUsedMb: number | null
  memoryTotalMb: number | null
  /** Degrees Celsius. */
  temperature: number | null
}

/**
 * Writes down how a server is, unless the same five seconds have a sample already.
 * @param more `queueDepth`: tasks that wait for any server; `busy`: pieces of work under way.
 */
export async function recordSample(
  db: Database | Transaction,
  serverId: string,
  readings: ServerReadings,
  more: { queueDepth: number | null; busy: number },
  now = Date.now(),
): Promise<void> {
  const at = new Date(Math.floor(now / sampleEveryMs) * sampleEveryMs)
  await db.serverSample.createMany({ data: [{ serverId, at, ...readings, ...more }], skipDuplicates: true })
}

export interface SamplePoint {
  at: Date
  utilisation: number | null
  memoryUsedMb: number | null
  memoryTotalMb: number | null
  temperature: number | null
  queueDepth: number | null
  busy: number | null
}

/**
 * The samples of the last minutes, the earliest first; in more than `points` steps neighbours are averaged.
 * @param minutes 1 … 1440.
 */
export async function readSamples(
  db: Database,
  serverId: string,
  { minutes, points = 240, now = Date.now() }: { minutes: number; points?: number; now?: number },
): Promise<SamplePoint[]> {
  const spanMs = minutes * 60_000
  const stepSeconds = Math.max(sampleEveryMs, Math.ceil(spanMs / points)) / 1000
  return db.$queryRaw<SamplePoint[]>`
    SELECT to_timestamp(floor(extract(epoch FROM "at") / ${stepSeconds}::float8) * ${stepSeconds}::float8) AS "at",
      avg("utilisation")::float8 AS "utilisation",
      round(avg("memoryUsedMb"))::int AS "memoryUsedMb",
      max("memoryTotalMb")::int AS "memoryTotalMb",
      avg("temperature")::float8 AS "temperature",
      max("queueDepth")::int AS "queueDepth",
      max("busy")::int AS "busy"
    FROM "ServerSample" WHERE "serverId" = ${serverId} AND "at" > ${new Date(now - spanMs)}
    GROUP BY 1 ORDER BY 1`
}

/** The latest sample of each server that has one of the last minute. */
export async function latestSamples(
  db: Database,
  serverIds: readonly string[],
  now = Date.now(),
): Promise<Map<string, ServerSample>> {
  const rows = await db.serverSample.findMany({
    where: { serverId: { in: [...serverIds] }, at: { gt: new Date(now - 60_000) } },
    orderBy: { at: 'asc' },
  })
  return new Map(rows.map((row) => [row.serverId, row]))
}

/** @returns how many were forgotten. */
export async function forgetSamples(db: Database, now = Date.now()): Promise<number> {
  const { count } = await db.serverSample.deleteMany({ where: { at: { lt: new Date(now - keptMs) } } })
  return count
}
