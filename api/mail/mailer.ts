/** Sends what is in the outbox: through the SMTP server of the configuration, or into the catcher, by the same code. */
import type { PrismaClient } from '@defect-studio/prisma'
import {
  markMailSent,
  postponeMail,
  singleLine,
  takeMails,
  usefulUntil,
  type DocumentStore,
  type TakenMail,
} from '@defect-studio/stores'
import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import { mailBackoffMs } from '@defect-studio/workflows/mail-backoff'
import { startPump } from '../outbox/start-pump.ts'
import { type MailCatcher, startMailCatcher } from './mail-catcher.ts'
import type { MailRetries } from './mail-retries.ts'

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
  /** The workflows that have failed mails tried again; without them, and while they are away, this process does. */
  retries?: MailRetries
  /** Milliseconds before try `attempt` + 1; without it 2 s, doubled up to an hour. */
  retryAfterMs?: (attempt: number) => number
}

const everyMs = 1_000
const atOnce = 10
/** The workflow makes a mail due; should nobody serve workflows, it becomes due by itself so much later. */
const graceMs = 60_000

export async function createMailer(options: MailerOptions): Promise<Mailer> {
  const { smtpUrl, from, db, documents, log, retryAfterMs = mailBackoffMs, retries } = options
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

  /** @param error why it did not go out; null when it is of no use any more. */
  const fail = async (mail: TakenMail, error: unknown) => {
    const isOver = error === null || isFinal(error) || Date.now() >= usefulUntil(mail).getTime()
    const afterMs = isOver ? null : retryAfterMs(mail.attempt)
    const why = error === null ? 'When it could be sent it was of no use any more.' : messageOf(error)
    const fields = { mail: mail.key, attempt: mail.attempt, err: error }
    if (afterMs === null) log.error(fields, 'a mail could not be sent and was given up')
    else log.warn(fields, `a mail could not be sent; next try in ${afterMs} ms`)
    const later = afterMs !== null && retries ? afterMs + graceMs : afterMs
    await postponeMail(db, mail, { error: why, afterMs: later })
    if (!retries) return
    await retries.tried(mail.id, afterMs === null).catch(async (failure: unknown) => {
      log.debug({ err: failure, mail: mail.key }, 'no workflow has the mail tried again: it is done here')
      if (afterMs !== null) await postponeMail(db, mail, { error: why, afterMs })
    })
  }

  const send = async (mail: TakenMail) => {
    if (mail.usefulUntil && mail.usefulUntil.getTime() <= Date.now()) return fail(mail, null)
    try {
      await transport.sendMail({
        from,
        to: { name: singleLine(mail.to.name), address: mail.to.address },
        subject: singleLine(mail.subject),
        text: mail.text,
        ...(mail.html === null ? {} : { html: mail.html }),
        // Also whoever gets a mail twice, since its mark could not be written, can tell that it is one.
        messageId: `<${mail.key}@defect-studio>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    } catch (error) {
      return fail(mail, error)
    }
    await markMailSent(db, mail)
    // Its workflow looks again by itself; this only spares it the time.
    if (mail.attempt > 1) await retries?.tried(mail.id, true).catch(() => {})
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
