/** What whoever looks after the studio does with a mail that does not go out: send it again now, or give it up. */
import type { Database } from '@defect-studio/prisma'
import { mailLeaseSeconds } from './outgoing-mails.ts'
import { usefulUntil } from './mail-standing.ts'

/** Why nothing was done; `gone`: there is no such mail. */
export type MailObstacle = 'gone' | 'sent' | 'being-sent' | 'given-up'

/** Makes it due at once, for a day more where its time was over. @returns null when it is. */
export async function sendMailAgain(db: Database, id: string): Promise<MailObstacle | null> {
  return change(db, id, async (mail) => {
    const now = new Date()
    const dayMs = 24 * 3600_000
    const isOver = usefulUntil(mail) <= now
    return {
      nextAt: now,
      givenUpAt: null,
      ...(isOver ? { usefulUntil: new Date(now.getTime() + dayMs) } : {}),
    }
  })
}

/** @returns null when nobody will send it any more. */
export async function giveMailUp(db: Database, id: string): Promise<MailObstacle | null> {
  return change(db, id, async (mail) =>
    mail.givenUpAt ? 'given-up' : { nextAt: null, takenAt: null, givenUpAt: new Date() },
  )
}

type Row = NonNullable<Awaited<ReturnType<Database['outgoingMail']['findUnique']>>>
type Change = Parameters<Database['outgoingMail']['updateMany']>[0]['data']

async function change(
  db: Database,
  id: string,
  decide: (mail: Row) => Promise<Change | MailObstacle>,
): Promise<MailObstacle | null> {
  const mail = await db.outgoingMail.findUnique({ where: { id } })
  if (!mail) return 'gone'
  if (mail.sentAt) return 'sent'
  const leaseEnd = new Date(Date.now() - mailLeaseSeconds * 1_000)
  if (mail.takenAt && mail.takenAt > leaseEnd) return 'being-sent'
  const data = await decide(mail)
  if (typeof data === 'string') return data
  // Whoever took it since then has raised the attempts.
  const { count } = await db.outgoingMail.updateMany({
    where: { id, attempts: mail.attempts, sentAt: null },
    data,
  })
  return count === 0 ? 'being-sent' : null
}
