/** Writes a mail into the outbox, in the transaction of what it tells of: either both are there or neither is. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { layOutMail } from './lay-out-mail.ts'
import type { MailLanguage } from './mail-language.ts'
import type { MailText } from './write-letter.ts'

/** What is to be sent: one of the texts in `texts/`, to whom, and what it is about. */
export interface Mail extends MailText {
  /** Names what the mail is about, as `transfer-<id>`: a mail of the same key is sent once. Hyphens, letters, digits. */
  key: string
  to: { name: string; address: string }
  /** In which the text is written; English without it. */
  language?: MailLanguage
  /** Seconds from now on for which it is worth sending, as a code that soon works no more; a day without it. */
  usefulForSeconds?: number
}

/** Idempotent by the key: the first mail of a key is the one that goes out. */
export async function queueMail(tx: Database | Transaction, mail: Mail): Promise<void> {
  await queueMails(tx, [mail])
}

export async function queueMails(tx: Database | Transaction, mails: readonly Mail[]): Promise<void> {
  if (mails.length === 0) return
  await tx.outgoingMail.createMany({
    data: mails.map((mail) => ({
      key: mail.key,
      toName: mail.to.name,
      toAddress: mail.to.address,
      subject: mail.subject,
      text: mail.text,
      html: layOutMail(mail.language ?? 'en', mail),
      ...(mail.usefulForSeconds === undefined
        ? {}
        : { usefulUntil: new Date(Date.now() + mail.usefulForSeconds * 1_000) }),
    })),
    skipDuplicates: true,
  })
}
