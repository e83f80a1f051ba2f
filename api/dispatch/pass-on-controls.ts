/** Tells workflows whether they are paused and who goes first, until each has been told the latest. */
import type { DispatcherWorld } from '../dispatch-runs.ts'
import { inLanes } from './keep-up.ts'
import { tellWorkflow } from './run-workflow.ts'

const page = 200
const lanes = 8

export async function passOnControls({ db, temporal }: DispatcherWorld): Promise<void> {
  // Two columns of one row are compared, which Prisma's filters cannot.
  const runs = await db.$queryRaw<{ id: string; control: number; priority: number; paused: boolean }[]>`
    SELECT "id"::text, "control", "priority", "pausedAt" IS NOT NULL AS "paused" FROM "Run"
    WHERE "status" IN ('queued', 'running') AND "dispatchedAt" IS NOT NULL AND "control" > "controlSent"
    ORDER BY "createdAt" LIMIT ${page}`
  await inLanes(lanes, runs, async ({ id, control, priority, paused }) => {
    // Where nobody hears it any more, the run ends by `mendRuns`, and this is not asked again.
    await tellWorkflow(temporal, id, { revision: control, paused, priority })
    await db.$executeRaw`
      UPDATE "Run" SET "controlSent" = GREATEST("controlSent", ${control}) WHERE "id" = ${id}::uuid`
  })
}
