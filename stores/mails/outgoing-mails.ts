/** Takes mails out of the outbox: each by one process at a time, until it is sent or given up. */
import type { Database } from '@defect-studio/prisma'

export interface TakenMail {
  id: string
  key: string
  to: { name: string; address: string }
  subject: string
  text: string
  /** Null for one that was written before mails had a page. */
  html: string | null
  /** Which try this is, from 1 on. */
  attempt: number
  createdAt: Date
  /** Until when it is worth sending; null: for a day. */
  usefulUntil: Date | null
}

/** Whoever took a mail and says nothing for so long has died; another process then takes it. Seconds. */
export const mailLeaseSeconds = 180

/** @returns mails that are due, in the order in which they were written; nobody else gets them meanwhile. */
export async function takeMails(db: Database, count: number): Promise<TakenMail[]> {
  const rows = await db.$queryRaw<
    {
      id: string
      key: string
      toName: string
      toAddress: string
      subject: string
      text: string
      html: string | null
      attempts: number
      createdAt: Date
      usefulUntil: Date | null
    }[]
  >`
    UPDATE "OutgoingMail" SET
      "attempts" = "attempts" + 1,
      "takenAt" = now(),
      "nextAt" = now() + make_interval(secs => ${mailLeaseSeconds})
    WHERE "id" IN (
      SELECT "id" FROM "OutgoingMail" WHERE "nextAt" <= now()
      ORDER BY "nextAt" LIMIT ${count} FOR UPDATE SKIP LOCKED
    )
    RETURNING "id", "key", "toName", "toAddress", "subject", "text", "html", "attempts", "createdAt", "usefulUntil"`
  return rows
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .map(({ toName, toAddress, attempts, ...row }) => ({
      ...row,
      to: { name: toName, address: toAddress },
      attempt: attempts,
    }))
}

type Taken = Pick<TakenMail, 'id' | 'attempt'>

export async function markMailSent(db: Database, { id }: Taken): Promise<void> {
  await db.outgoingMail.updateMany({
    where: { id },
    data: { sentAt: new Date(), nextAt: null, takenAt: null, givenUpAt: null, lastError: null },
  })
}

/** @param afterMs until the next try; null gives it up. Nothing happens when another process has taken it meanwhile. */
export async function postponeMail(
  db: Database,
  { id, attempt }: Taken,
  { error, afterMs }: { error: string; afterMs: number | null },
): Promise<void> {
  await db.outgoingMail.updateMany({
    where: { id, attempts: attempt, sentAt: null },
    data: {
      lastError: error.slice(0, 500),
      takenAt: null,
      ...(afterMs === null
        ? { nextAt: null, givenUpAt: new Date() }
        : { nextAt: new Date(Date.now() + afterMs) }),
    },
  })
}
