/** Keeps a run from ending while something is written for it. */
import { isFinal, StudioError, type RunStatus } from '@defect-studio/nodes'
import type { Transaction } from '@defect-studio/prisma'

export interface SharedRun {
  id: string
  ended: boolean
  ownerId: string
  departmentId: string
}

/** Until the transaction is over the run neither begins nor ends; others may share it. */
export async function shareRun(tx: Transaction, runId: string): Promise<SharedRun> {
  const [run] = await tx.$queryRaw<{ status: RunStatus; ownerId: string; departmentId: string }[]>`
    SELECT "status"::text AS "status", "ownerId", "departmentId" FROM "Run"
    WHERE "id" = ${runId}::uuid FOR SHARE`
  if (!run) throw new StudioError('invalid-graph', `There is no run ${runId}.`)
  const { status, ...owners } = run
  return { id: runId, ended: isFinal(status), ...owners }
}
