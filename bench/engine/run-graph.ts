/** Starts runs over the API, as a page does, and waits for their ends. */
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { BenchStudio } from './bench-studio.ts'
import { now } from './messages.ts'

const Created = z.object({ id: z.string() })

export interface StartedRun {
  id: string
  /** When the request went out, and when its answer was there; milliseconds since 1970. */
  askedAt: number
  acceptedAt: number
}

export async function startRun(
  studio: BenchStudio,
  graph: object,
  options: { token?: string; more?: object } = {},
): Promise<StartedRun> {
  const { token = studio.ownerToken, more = {} } = options
  const askedAt = now()
  const { id } = await studio.ask(Created, 'POST', '/api/v1/runs', { graph, ...more }, token)
  return { id, askedAt, acceptedAt: now() }
}

export interface EndedRun {
  status: string
  /** From written down to ended, by the database's clock; milliseconds. */
  wholeMs: number
  startedMs: number
  cost: bigint
  saved: bigint
}

/** Looks 50 times a second; what is measured is taken from the rows, not from when it is seen here. */
export async function waitForEnd(studio: BenchStudio, runId: string, withinMs = 300_000): Promise<EndedRun> {
  const until = Date.now() + withinMs
  for (;;) {
    const run = await studio.db.run.findUniqueOrThrow({
      where: { id: runId },
      include: { nodeRuns: { select: { cost: true } } },
    })
    if (run.endedAt && run.startedAt)
      return {
        status: run.status,
        wholeMs: run.endedAt.getTime() - run.createdAt.getTime(),
        startedMs: run.endedAt.getTime() - run.startedAt.getTime(),
        cost: run.nodeRuns.reduce((sum, { cost }) => sum + cost, 0n),
        saved: run.saved,
      }
    if (Date.now() > until) throw new Error(`Run ${runId} is still ${run.status} after ${withinMs} ms.`)
    await wait(20)
  }
}

export async function succeed(studio: BenchStudio, runId: string, withinMs?: number): Promise<EndedRun> {
  const end = await waitForEnd(studio, runId, withinMs)
  if (end.status !== 'succeeded') throw new Error(`Run ${runId} ended as ${end.status}.`)
  return end
}
