/** Slows down guessing: after a few wrong tries one has to wait, longer each time, also when the studio was started anew. */
import { createHash } from 'node:crypto'
import type { Database } from '@defect-studio/prisma'

/** Wrong tries that cost nothing but the answer. */
const freeAttempts = 5
const firstWaitSeconds = 15
const longestWaitSeconds = 15 * 60

/** Who has not failed for so long begins anew. */
const forgottenAfterHours = 24

/**
 * Counts an attempt before it is checked, so that many at once gain nothing.
 * @param what is tried and from where, as a login id and an address; only its hash is kept.
 * @returns 0 when it may be checked, else the seconds to wait, 1 … 900.
 */
export async function beginAttempt(db: Database, what: readonly string[]): Promise<number> {
  const key = keyOf(what)
  const counted = await db.$executeRaw`
    INSERT INTO "SignInFailure" ("key", "failures", "updatedAt") VALUES (${key}, 1, now())
    ON CONFLICT ("key") DO UPDATE SET ("failures", "lockedUntil", "updatedAt") = (
      SELECT "count",
        CASE WHEN "count" >= ${freeAttempts} THEN now() + make_interval(secs =>
          least(${firstWaitSeconds} * power(2, least("count" - ${freeAttempts}, 20)), ${longestWaitSeconds})) END,
        now()
      FROM (SELECT CASE
        WHEN "SignInFailure"."updatedAt" < now() - make_interval(hours => ${forgottenAfterHours}) THEN 1
        ELSE "SignInFailure"."failures" + 1 END AS "count") AS "next")
    WHERE "SignInFailure"."lockedUntil" IS NULL OR "SignInFailure"."lockedUntil" <= now()`
  if (counted > 0) return 0
  const [row] = await db.$queryRaw<{ seconds: number }[]>`
    SELECT ceil(extract(epoch FROM "lockedUntil" - now()))::int AS "seconds" FROM "SignInFailure" WHERE "key" = ${key}`
  return Math.max(1, row?.seconds ?? 1)
}

/** The right one was shown: what went before is forgotten. */
export async function forgetAttempts(db: Database, what: readonly string[]): Promise<void> {
  await db.signInFailure.deleteMany({ where: { key: keyOf(what) } })
}

const keyOf = (what: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(what)).digest('base64url')
