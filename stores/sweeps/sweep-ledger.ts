/** Lets expired tokens go, and gives back what is held for runs that have ended. */
import type { Database } from '@defect-studio/prisma'
import type { HouseActivities } from '@defect-studio/nodes'
import { createLedger } from '../ledger/postgres-ledger.ts'

/**
 * The end of a run gives back its holds itself; what is found here was left by a version of before or by a hand in the
 * database, and is given back an hour after the run's end.
 */
const orphanSql = `
  SELECT "hold"."id" FROM "Transfer" AS "hold" JOIN "Run" ON "Run"."id" = "hold"."runId"
  WHERE "hold"."kind" = 'hold' AND "Run"."endedAt" < now() - interval '1 hour'
    AND NOT EXISTS (SELECT FROM "Transfer" AS "end" WHERE "end"."resolves" = "hold"."id")
  LIMIT 1000`

export async function sweepLedger(db: Database): ReturnType<HouseActivities['sweepLedger']> {
  const ledger = createLedger(db)
  const { lots } = await ledger.expire()
  const orphans = await db.$queryRawUnsafe<{ id: string }[]>(orphanSql)
  for (const { id } of orphans) await ledger.release({ holdId: id })
  return { expiredLots: lots, releasedHolds: orphans.length, broken: await ledger.checkInvariants() }
}
