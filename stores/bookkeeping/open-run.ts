/** Looks at the run that a piece of bookkeeping belongs to, and keeps it from ending meanwhile. */
import { isFinal, StudioError, type RunStatus } from '@defect-studio/nodes'
import type { Transaction } from '@defect-studio/prisma'

/**
 * Every transaction takes its locks in this order, so that two never wait for each other:
 * run, item, node run, artifacts, accounts, the house's accounts.
 */
export interface OpenRun {
  id: string
  status: RunStatus
  ended: boolean
  ownerId: string
  departmentId: string
}

/** @param strength 'share' for one of many items; 'update' for who begins or ends the run, alone. */
export async function openRun(
  tx: Transaction,
  runId: string,
  strength: 'share' | 'update',
): Promise<OpenRun> {
  const rows =
    strength === 'share'
      ? await tx.$queryRaw<Omit<OpenRun, 'ended'>[]>`
          SELECT "id", "status"::text AS "status", "ownerId", "departmentId" FROM "Run"
          WHERE "id" = ${runId}::uuid FOR SHARE`
      : await tx.$queryRaw<Omit<OpenRun, 'ended'>[]>`
          SELECT "id", "status"::text AS "status", "ownerId", "departmentId" FROM "Run"
          WHERE "id" = ${runId}::uuid FOR NO KEY UPDATE`
  const [run] = rows
  if (!run) throw new StudioError('invalid-graph', `There is no run ${runId}.`)
  return { ...run, ended: isFinal(run.status) }
}
