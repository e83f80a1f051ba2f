/** Deletes what no policy keeps: old runs, results that nobody finds again, then artifacts that nothing names any more. */
import type { HouseActivities } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { SweepableStore } from '../artifacts/artifact-store.ts'
import { trimEventLog } from '../events/event-log.ts'
import { forgetSamples } from '../servers/server-samples.ts'
import { forgetSent } from './forget-sent.ts'
import type { RetentionPolicy } from './retention-policy.ts'
import { deleteUnnamedArtifacts } from './unnamed-artifacts.ts'

/** @param signal stops between two artifacts; the next sweep goes on. */
export async function sweepKept(
  { db, artifacts }: { db: Database; artifacts: SweepableStore },
  policy: RetentionPolicy,
  signal?: AbortSignal,
): ReturnType<HouseActivities['sweepKept']> {
  const runs =
    policy.runDays === null
      ? 0
      : await db.$executeRaw`
          DELETE FROM "Run" WHERE "endedAt" < now() - make_interval(secs => ${policy.runDays * 86_400})
            AND "keptAt" IS NULL
            -- Its results are still taken over by a run that goes on.
            AND NOT EXISTS (SELECT FROM "Run" AS "child"
              WHERE "child"."parentRunId" = "Run"."id" AND "child"."endedAt" IS NULL)`
  const results =
    policy.resultDays === null
      ? 0
      : await db.$executeRaw`
          DELETE FROM "CacheEntry" WHERE "outputs" IS NOT NULL
            AND "lastUsedAt" < now() - make_interval(secs => ${policy.resultDays * 86_400})`
  const events = await trimEventLog(db)
  await forgetSent(db)
  await forgetSamples(db)
  const deleted = await deleteUnnamedArtifacts({ db, artifacts }, policy.graceHours, signal)
  return { runs, results, events, ...deleted }
}
