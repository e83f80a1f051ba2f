/** Accepts many runs of one graph at once: all of them or none. */
import { randomUUID } from 'node:crypto'
import type { Run, RunBatch } from '@defect-studio/prisma'
import { publishRunEvents } from '../events/run-events.ts'
import { requireTokens, runRow } from './create-run.ts'
import { findKeyed, removedSince, type RequestKey, takeKey } from './idempotency.ts'
import { planRuns } from './plan-run.ts'
import type { RunGiven, RunSettings, RunStarter, RunWorld } from './run-order.ts'

export const mostBatchRuns = 1000

export interface CreatedBatch {
  batch: RunBatch
  /** Of a new batch: what has to be started. */
  runs: Pick<Run, 'id' | 'departmentId' | 'ownerId' | 'graphId' | 'priority'>[]
  isNew: boolean
}

/** Rows of plans are large: so many go in one statement. */
const rowsAtOnce = 100

/**
 * @param items what makes each run, at most `mostBatchRuns`.
 * @throws RunRefusal with the problems of every item, each with its place; when the tokens do not cover all of them.
 */
export async function createBatch(
  world: RunWorld,
  starter: RunStarter,
  settings: RunSettings,
  items: readonly RunGiven[],
  key: Omit<RequestKey, 'memberId'> | null,
): Promise<CreatedBatch> {
  const { db, ledger } = world
  const request = key && { ...key, memberId: starter.memberId }
  const earlier = request && (await findBatchOf(world, request))
  if (earlier) return { batch: earlier, runs: [], isNew: false }
  const planned = await planRuns(world, starter, settings, items)
  const quote = planned.reduce((sum, { plan }) => sum + plan.quote, 0)
  const { available } = await ledger.fundsOf(starter)
  requireTokens(quote, available, 'These runs together')

  const batchId = randomUUID()
  const rows = planned.map((one, index) =>
    runRow(
      randomUUID(),
      starter,
      { ...settings, reference: items[index]?.reference, batchId },
      one,
      request && { ...request, key: null },
    ),
  )
  const [first] = planned
  const batch = await db.$transaction(
    async (tx) => {
      if (request && !(await takeKey(tx, request, 'batch', batchId))) return null
      const made = await tx.runBatch.create({
        data: {
          id: batchId,
          name: settings.name ?? first?.found.name ?? 'Batch',
          ownerId: starter.memberId,
          departmentId: starter.departmentId,
          graphId: first?.found.id ?? null,
          count: rows.length,
        },
      })
      for (let from = 0; from < rows.length; from += rowsAtOnce)
        await tx.run.createMany({ data: rows.slice(from, from + rowsAtOnce) })
      await publishRunEvents(
        tx,
        rows.map(({ id }) => ({ type: 'run-status', runId: id, status: 'queued' })),
      )
      return made
    },
    { timeout: 30_000 },
  )
  if (batch)
    return {
      batch,
      runs: rows.map(({ id, departmentId, ownerId, graphId, priority }) => ({
        id,
        departmentId,
        ownerId,
        graphId,
        priority,
      })),
      isNew: true,
    }
  const winner = request && (await findBatchOf(world, request))
  if (!winner) throw removedSince('batch')
  return { batch: winner, runs: [], isNew: false }
}

async function findBatchOf({ db }: RunWorld, request: RequestKey): Promise<RunBatch | null> {
  const id = await findKeyed(db, request, 'batch')
  if (id === null) return null
  const batch = await db.runBatch.findUnique({ where: { id } })
  if (!batch) throw removedSince('batch')
  return batch
}
