/** Sends what is in the outbox: through the SMTP server of the configuration, or into the catcher, by the same code. */
import type { PrismaClient } from '@defect-studio/prisma'
import {
  markMailSent,
  postponeMail,
  singleLine,
  takeMails,
  type DocumentStore,
  type TakenMail,
} from '@defect-studio/stores'
import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import { startPump } from '../outbox/start-pump.ts'
import { type MailCatcher, startMailCatcher } from './mail-catcher.ts'

export interface Mailer {
  /** Looks into the outbox now: call it after a transaction that wrote a mail. It is looked into anyway. */
  wake(): void
  /** Null when mails go to an SMTP server. */
  catcher: MailCatcher | null
  /** Resolves when everything that was due is sent, waits for its next try, or is given up. */
  settled(): Promise<void>
  /** Lets the mail that is under way finish; the rest stays in the outbox for the next start. */
  close(): Promise<void>
}

interface MailerOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; null catches the mails here. */
  smtpUrl: string | null
  /** `Name <address>`. */
  from: string
  db: PrismaClient
  /** Keeps the caught mails, in collection 'mails'. */
  documents: DocumentStore
  log: Logger
  /** Milliseconds before try `attempt` + 1; without it 2 s, doubled up to an hour. */
  retryAfterMs?: (attempt: number) => number
}

const everyMs = 1_000
const atOnce = 10
/** A mail server that is away for a day has lost its mails. */
const patienceMs = 24 * 3600_000
const backoffMs = (attempt: number) => Math.min(3600_000, 1_000 * 2 ** attempt)

export async function createMailer(options: MailerOptions): Promise<Mailer> {
  const { smtpUrl, from, db, documents, log, retryAfterMs = backoffMs } = options
  const catcher = smtpUrl === null ? await startMailCatcher(documents, log) : null
  const url = smtpUrl ?? catcher?.url ?? ''
  const transport = createTransport({
    url,
    // A password goes over an open line only on this machine, or where the URL says ?requireTLS=false.
    requireTLS: needsTls(new URL(url)),
    // Together far below the time after which another process takes the mail.
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  const send = async (mail: TakenMail) => {
    try {
      await transport.sendMail({
        from,
        to: { name: singleLine(mail.to.name), address: mail.to.address },
        subject: singleLine(mail.subject),
        text: mail.text,
        // Also whoever gets a mail twice, since its mark could not be written, can tell that it is one.
        messageId: `<${mail.key}@defect-studio>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    } catch (error) {
      const isLate = Date.now() - mail.createdAt.getTime() > patienceMs
      const afterMs = isFinal(error) || isLate ? null : retryAfterMs(mail.attempt)
      const fields = { mail: mail.key, attempt: mail.attempt, err: error }
      if (afterMs === null) log.error(fields, 'a mail could not be sent and was given up')
      else log.warn(fields, `a mail could not be sent; next try in ${afterMs} ms`)
      await postponeMail(db, mail, { error: messageOf(error), afterMs })
      return
    }
    await markMailSent(db, mail)
  }

  const pump = startPump({
    what: 'mails',
    everyMs,
    atOnce,
    log,
    take: (count) => takeMails(db, count),
    work: send,
  })

  return {
    catcher,
    wake: pump.wake,
    settled: pump.settled,
    async close() {
      await pump.stop()
      transport.close()
      await catcher?.close()
    },
  }
}

/** The server said that it will never take this mail (5xx); asking again is of no use. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof Error &&
    'responseCode' in error &&
    typeof error.responseCode === 'number' &&
    error.responseCode >= 500
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function needsTls(url: URL): boolean {
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url.protocol === 'smtp:' && url.username !== '' && !isHere
}
