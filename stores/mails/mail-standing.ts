/** How a mail of the outbox stands, for the workflow that has it tried again, and how it is made due. */
import type { MailStanding } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'

/** A mail server that is away for a day has lost its mails. */
const patienceMs = 24 * 3600_000

/** Until when a mail is worth sending. */
export const usefulUntil = (mail: { usefulUntil: Date | null; createdAt: Date }): Date =>
  mail.usefulUntil ?? new Date(mail.createdAt.getTime() + patienceMs)

export async function readMailStanding(db: Database, mailId: string): Promise<MailStanding> {
  const mail = await db.outgoingMail.findUnique({ where: { id: mailId } })
  if (!mail) return { state: 'gone', attempts: 0, usefulForMs: 0 }
  return {
    state: mail.sentAt ? 'sent' : mail.givenUpAt ? 'given-up' : 'waiting',
    attempts: mail.attempts,
    usefulForMs: Math.max(0, usefulUntil(mail).getTime() - Date.now()),
  }
}

/** Makes it due, unless it was taken since it had so many attempts, or has gone its way. */
export async function wakeMail(
  db: Database,
  { mailId, attempts }: { mailId: string; attempts: number },
): Promise<void> {
  await db.outgoingMail.updateMany({
    where: { id: mailId, attempts, takenAt: null, sentAt: null, givenUpAt: null },
    data: { nextAt: new Date() },
  })
}
