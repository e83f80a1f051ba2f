/** One time of a schedule becomes a run, once; or the schedule stops itself and tells its people why. */
import type { Prisma, PrismaClient, Schedule } from '@defect-studio/prisma'
import { mailLanguage } from '../mails/mail-language.ts'
import { queueMails } from '../mails/queue-mail.ts'
import { scheduleStopped } from '../mails/texts/schedule-stopped.ts'
import { RunRefusal } from '../runs/run-refusal.ts'
import { retryTransaction } from '../retry-transaction.ts'

/** What a schedule asks of whoever plans and writes down runs. */
export interface ScheduledOrder {
  schedule: Schedule
  scheduledFor: string
  /** The same for the same time of the same schedule: asked again, the same run is meant. */
  idempotencyKey: string
  inputs: Prisma.JsonValue
  params: Prisma.JsonValue
}

/**
 * @param begin plans the run and writes it down as one that a workflow has in hand already.
 * @throws whatever `begin` throws that is no RunRefusal: the next try may succeed.
 */
export async function openScheduledRun(
  db: PrismaClient,
  { scheduleId, scheduledFor }: { scheduleId: string; scheduledFor: string },
  begin: (order: ScheduledOrder) => Promise<{ runId: string }>,
): Promise<{ runId: string } | null> {
  const schedule = await db.schedule.findUnique({ where: { id: scheduleId } })
  if (!schedule || schedule.deletedAt || schedule.pausedAt) return null
  const owner = await db.member.findUnique({ where: { id: schedule.ownerId } })
  if (!owner || owner.disabledAt || owner.role === 'guest')
    return stop(db, schedule, 'Its owner may no longer use the studio.')
  if (owner.departmentId !== schedule.departmentId)
    return stop(db, schedule, 'Its owner has moved to another department.')
  try {
    return await begin({
      schedule,
      scheduledFor,
      idempotencyKey: `schedule:${scheduleId}:${scheduledFor}`,
      inputs: schedule.inputs,
      params: schedule.params,
    })
  } catch (error) {
    // Neither tokens nor a graph that can run come back by themselves: every later time would fail as this one.
    if (error instanceof RunRefusal) return stop(db, schedule, error.message)
    throw error
  }
}

/** Pauses it, and writes to its owner and to the administrators of its department, once for each time it stops. */
async function stop(db: PrismaClient, schedule: Schedule, because: string): Promise<null> {
  await retryTransaction(db, async (tx) => {
    const { count } = await tx.schedule.updateMany({
      where: { id: schedule.id, pausedAt: null, deletedAt: null },
      data: { pausedAt: new Date(), stoppedBecause: because.slice(0, 500), version: { increment: 1 } },
    })
    if (count === 0) return
    const people = await tx.member.findMany({
      where: {
        disabledAt: null,
        OR: [
          { id: schedule.ownerId },
          { departmentId: schedule.departmentId, role: { in: ['department_admin', 'super_admin'] } },
        ],
      },
      select: { id: true, name: true, email: true, language: true },
    })
    await queueMails(
      tx,
      people.map(({ id, name, email, ...person }) => {
        const language = mailLanguage(person.language)
        return {
          key: `schedule-stopped-${schedule.id}-${schedule.version}-${id}`,
          to: { name, address: email },
          language,
          ...scheduleStopped(language, { name, schedule: schedule.name, because }),
        }
      }),
    )
  })
  return null
}
