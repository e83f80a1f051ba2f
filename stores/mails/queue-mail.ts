/** Writes a mail into the outbox, in the transaction of what it tells of: either both are there or neither is. */
import type { Database, Transaction } from '@defect-studio/prisma'

export interface Mail {
  /** Names what the mail is about, as `transfer-<id>`: a mail of the same key is sent once. */
  key: string
  to: { name: string; address: string }
  subject: string
  /** Plain text; lines end with \n. */
  text: string
}

/** Idempotent by the key: the first mail of a key is the one that goes out. */
export async function queueMail(tx: Database | Transaction, mail: Mail): Promise<void> {
  await queueMails(tx, [mail])
}

export async function queueMails(tx: Database | Transaction, mails: readonly Mail[]): Promise<void> {
  if (mails.length === 0) return
  await tx.outgoingMail.createMany({
    data: mails.map(({ key, to, subject, text }) => ({
      key,
      toName: to.name,
      toAddress: to.address,
      subject,
      text,
    })),
    skipDuplicates: true,
  })
}
