/** Adds a batch up over its runs. */
import type { PrismaClient, RunBatch, RunStatus } from '@defect-studio/prisma'
import type { z } from 'zod'
import type { Batch } from '../shapes/batch.ts'
import { toTokens } from '../shapes/tokens.ts'

interface Sums {
  status: RunStatus
  runs: number
  quote: number
  saved: bigint
  cost: bigint
  total: number
  done: number
  failed: number
  cached: number
}

export async function describeBatch(db: PrismaClient, batch: RunBatch): Promise<z.infer<typeof Batch>> {
  const rows = await db.$queryRaw<Sums[]>`
    SELECT run."status", count(*)::int AS "runs", sum(run."quote")::int AS "quote", sum(run."saved")::bigint AS "saved",
      COALESCE(sum(part."cost"), 0)::bigint AS "cost", COALESCE(sum(part."total"), 0)::int AS "total",
      COALESCE(sum(part."done"), 0)::int AS "done", COALESCE(sum(part."failed"), 0)::int AS "failed",
      COALESCE(sum(part."cached"), 0)::int AS "cached"
    FROM "Run" run
    LEFT JOIN LATERAL (
      SELECT sum("cost") AS "cost", sum("itemsTotal") AS "total", sum("itemsDone") AS "done",
        sum("itemsFailed") AS "failed", sum("itemsCached") AS "cached"
      FROM "NodeRun" WHERE "runId" = run."id"
    ) AS part ON true
    WHERE run."batchId" = ${batch.id}::uuid GROUP BY run."status"`
  const sum = (pick: (row: Sums) => number) => rows.reduce((total, row) => total + pick(row), 0)
  const runs = { queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 }
  for (const row of rows) runs[row.status] = row.runs
  return {
    id: batch.id,
    name: batch.name,
    graphId: batch.graphId,
    createdAt: batch.createdAt.toISOString(),
    count: batch.count,
    runs: { ...runs, removed: batch.count - sum((row) => row.runs) },
    items: {
      total: sum((row) => row.total),
      done: sum((row) => row.done),
      failed: sum((row) => row.failed),
      cached: sum((row) => row.cached),
    },
    quote: sum((row) => row.quote),
    cost: toTokens(rows.reduce((total, row) => total + row.cost, 0n)),
    saved: toTokens(rows.reduce((total, row) => total + row.saved, 0n)),
  }
}
