/** Sends mails: through the SMTP server of the configuration, or into the catcher, by the same code. */
import { setTimeout as wait } from 'node:timers/promises'
import type { DocumentStore } from '@defect-studio/stores'
import { createTransport } from 'nodemailer'
import type { Logger } from 'pino'
import { type MailCatcher, startMailCatcher } from './mail-catcher.ts'
import { singleLine } from './single-line.ts'

export interface Mail {
  /** Names what the mail is about, as `transfer-<id>`: a mail of the same key is sent once. */
  key: string
  to: { name: string; address: string }
  subject: string
  /** Plain text; lines end with \n. */
  text: string
}

export interface Mailer {
  /** Returns at once. What cannot be sent is tried again a few times, then logged and given up. */
  send(mail: Mail): void
  /** Null when mails go to an SMTP server. */
  catcher: MailCatcher | null
  /** Resolves when everything handed over so far is sent or given up. */
  settled(): Promise<void>
  /** Gives up what waits for another try. */
  close(): Promise<void>
}

interface MailerOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; null catches the mails here. */
  smtpUrl: string | null
  /** `Name <address>`. */
  from: string
  /** Remembers which mails were sent, in collection 'sent-mails', and keeps the caught ones, in 'mails'. */
  documents: DocumentStore
  log: Logger
  /** Milliseconds before each further try. */
  retryAfterMs?: readonly number[]
}

const sentMails = 'sent-mails'

export async function createMailer(options: MailerOptions): Promise<Mailer> {
  const { smtpUrl, from, documents, log, retryAfterMs = [2_000, 15_000, 60_000, 300_000] } = options
  const catcher = smtpUrl === null ? await startMailCatcher(documents, log) : null
  const url = smtpUrl ?? catcher?.url ?? ''
  const transport = createTransport({
    url,
    // A password goes over an open line only on this machine, or where the URL says ?requireTLS=false.
    requireTLS: needsTls(new URL(url)),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const closing = new AbortController()
  const underWay = new Map<string, Promise<void>>()

  const sendOnce = async ({ key, to, subject, text }: Mail) => {
    if ((await documents.get(sentMails, key)) !== null) return
    await transport.sendMail({
      from,
      to: { name: singleLine(to.name), address: to.address },
      subject: singleLine(subject),
      text,
      // Also whoever gets a mail twice, since its mark could not be written, can tell that it is one.
      messageId: `<${key}@defect-studio>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    await documents.put(sentMails, key, { sentAt: new Date().toISOString() })
  }

  const sendPatiently = async (mail: Mail) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendOnce(mail)
      } catch (error) {
        const pause = isFinal(error) ? undefined : retryAfterMs[attempt - 1]
        const fields = { mail: mail.key, attempt, err: error }
        if (pause === undefined || closing.signal.aborted)
          return log.error(fields, 'a mail could not be sent and was given up')
        log.warn(fields, `a mail could not be sent; next try in ${pause} ms`)
        await wait(pause, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
      }
    }
  }

  return {
    catcher,
    send(mail) {
      if (closing.signal.aborted || underWay.has(mail.key)) return
      underWay.set(
        mail.key,
        sendPatiently(mail).finally(() => underWay.delete(mail.key)),
      )
    },
    async settled() {
      await Promise.all(underWay.values())
    },
    async close() {
      closing.abort()
      await Promise.all(underWay.values())
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

function needsTls(url: URL): boolean {
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return url.protocol === 'smtp:' && url.username !== '' && !isHere
}
