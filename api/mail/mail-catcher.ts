/** An SMTP server inside the process, for a studio that was given none: keeps the latest mails, so that they can be read. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { DocumentStore } from '@defect-studio/stores'
import { simpleParser } from 'mailparser'
import type { Logger } from 'pino'
import { SMTPServer } from 'smtp-server'
import { type CaughtMail, createCaughtMails } from './caught-mails.ts'
import { readMail } from './read-mail.ts'

/** Our mails are text; whatever is larger did not come from us. */
const largestMailBytes = 1024 * 1024

export interface MailCatcher {
  /** Where it listens, with the password that only this process knows. */
  url: string
  /** Newest first. */
  list(): Promise<CaughtMail[]>
  get(id: string): Promise<CaughtMail | null>
  close(): Promise<void>
}

/** Listens on loopback, on a free port; other programs of the machine lack the password and cannot put mails in. */
export async function startMailCatcher(documents: DocumentStore, log: Logger): Promise<MailCatcher> {
  const password = randomBytes(24).toString('base64url')
  const caught = createCaughtMails(documents)
  const server = new SMTPServer({
    // Nothing leaves the machine, and the password is of this start alone.
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    size: largestMailBytes,
    logger: false,
    onAuth: ({ username, password: shown }, _session, answer) =>
      username === 'studio' && same(shown ?? '', password)
        ? answer(null, { user: username })
        : answer(new Error('The catcher takes mails of its own studio only.')),
    onData(stream, _session, answer) {
      keep(stream).then(
        () => answer(),
        (error: unknown) => {
          log.warn({ err: error }, 'a caught mail could not be kept')
          // 4xx: whoever sends comes again.
          answer(
            Object.assign(new Error('The mail could not be kept; send it again.'), { responseCode: 451 }),
          )
        },
      )
    },
  })
  const keep = async (stream: Parameters<typeof simpleParser>[0]) =>
    caught.keep(readMail(await simpleParser(stream)))
  server.on('error', (error: unknown) => log.warn({ err: error }, 'a connection to the mail catcher broke'))
  const port = await listen(server)
  return {
    url: `smtp://studio:${password}@127.0.0.1:${port}`,
    list: caught.list,
    get: caught.get,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listen(server: SMTPServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listening = server.listen(0, '127.0.0.1', () => {
      server.off('error', reject)
      const address = listening.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

function same(shown: string, right: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
