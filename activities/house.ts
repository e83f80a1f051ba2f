/** What the studio does for itself by the clock, on the `io` queue: the runs of schedules, and sweeping. */
import { RunInputs, type HouseActivities } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import {
  closeUsage,
  createLedger,
  createRun,
  hashRequest,
  openScheduledRun,
  readMailStanding,
  sweepAccounts,
  sweepKept,
  sweepLedger,
  tellExpiring,
  wakeMail,
  type RetentionPolicy,
  type SourceConfig,
  type SweepableStore,
} from '@defect-studio/stores'
import { cancellationSignal, heartbeat } from '@temporalio/activity'
import type { Logger } from 'pino'

export interface HouseWorld {
  db: Database
  artifacts: SweepableStore
  /** What server folders and buckets the graphs of schedules may read. */
  sources: SourceConfig
  /** Whether runs may send mails to people who are no members. */
  allowExternalMail: boolean
  /** For links in mails; null: unknown. */
  publicUrl: string | null
  retention: RetentionPolicy
  log: Logger
}

export function createHouseActivities({ log, retention, publicUrl, ...means }: HouseWorld): HouseActivities {
  const { db, artifacts } = means
  const world = { ...means, ledger: createLedger(db) }
  return {
    openScheduledRun: (time) =>
      openScheduledRun(db, time, async ({ schedule, idempotencyKey, inputs, params }) => {
        const { ownerId: memberId, departmentId, graphId, revision, id: scheduleId, name } = schedule
        const given = RunInputs.parse({ inputs, params })
        const order = {
          source: { graphId, ...(revision === null ? {} : { revision }) },
          ...{ trigger: 'schedule' as const, name, scheduleId },
          ...given,
        }
        // The graph's latest state may change between two tries: what the time means is the schedule, not its content.
        const key = { key: idempotencyKey, requestHash: hashRequest({ idempotencyKey }) }
        const { role } = await db.member.findUniqueOrThrow({
          where: { id: memberId },
          select: { role: true },
        })
        const { run } = await createRun(world, { memberId, departmentId, role }, order, key)
        return { runId: run.id }
      }),
    readMail: ({ mailId }) => readMailStanding(db, mailId),
    wakeMail: (order) => wakeMail(db, order),
    async sweepLedger() {
      const swept = await sweepLedger(db)
      await closeUsage(db)
      const mails = await tellExpiring(db, publicUrl)
      if (mails > 0) log.info({ mails }, 'people were told of tokens that expire soon')
      if (swept.broken.length > 0) log.error({ broken: swept.broken }, 'the ledger does not balance')
      if (swept.releasedHolds > 0) log.warn(swept, 'holds of runs that had ended were given back')
      return swept
    },
    async sweepAccounts() {
      const swept = await sweepAccounts(db)
      if (swept.guests > 0) log.info(swept, 'guests whom nobody approved were removed')
      return swept
    },
    async sweepKept() {
      const beating = setInterval(() => heartbeat(), 5_000)
      try {
        const swept = await sweepKept({ db, artifacts }, retention, cancellationSignal())
        log.info(swept, 'swept')
        return swept
      } finally {
        clearInterval(beating)
      }
    },
  }
}
