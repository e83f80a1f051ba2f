/** Tells workflows whether they are paused and who goes first, until each has been told the latest. */
import type { DispatcherWorld } from '../dispatch-runs.ts'
import { giveBackWaiting } from './give-back-waiting.ts'
import { inLanes } from './keep-up.ts'
import { tellWorkflow } from './run-workflow.ts'

const page = 200
const lanes = 8

export async function passOnControls({ db, temporal, log }: DispatcherWorld): Promise<void> {
  // Two columns of one row are compared, which Prisma's filters cannot.
  const runs = await db.$queryRaw<{ id: string; control: number; priority: number; paused: boolean }[]>`
    SELECT "id"::text, "control", "priority", "pausedAt" IS NOT NULL AS "paused" FROM "Run"
    WHERE "status" IN ('queued', 'running') AND "dispatchedAt" IS NOT NULL AND "control" > "controlSent"
    ORDER BY "createdAt" LIMIT ${page}`
  await inLanes(lanes, runs, async ({ id, control, priority, paused }) => {
    // Where nobody hears it any more, the run ends by `mendRuns`, and this is not asked again.
    const heard = await tellWorkflow(temporal, id, { revision: control, paused, priority })
    if (heard)
      await giveBackWaiting(temporal, id, priority).catch((error: unknown) =>
        // What waits keeps its place; all that comes after it has the new one.
        log.debug({ err: error, runId: id }, 'work that waits was not moved'),
      )
    await db.$executeRaw`
      UPDATE "Run" SET "controlSent" = GREATEST("controlSent", ${control}) WHERE "id" = ${id}::uuid`
  })
}
