/** A mail server for tests: asks for a password, keeps what it takes, and can refuse for a while. */
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type TestSmtp = Awaited<ReturnType<typeof startTestSmtp>>

interface TestSmtpOptions {
  host?: string
  /** A free one unless given: a server that comes back where it was. */
  port?: number
  /** Codes with which the first mails are refused. */
  refuse?: number[]
}

export async function startTestSmtp({
  host = '127.0.0.1',
  port: wanted = 0,
  refuse = [],
}: TestSmtpOptions = {}) {
  const received: { recipients: string[]; mail: ParsedMail }[] = []
  const refusals = [...refuse]
  let attempts = 0
  let signIns = 0
  let noteFirst = () => {}
  const firstAttempt = new Promise<void>((resolve) => (noteFirst = resolve))
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    logger: false,
    onAuth({ username, password }, _session, answer) {
      signIns++
      if (username === 'user' && password === 'pa ss') answer(null, { user: 'user' })
      else answer(new Error('Wrong password'))
    },
    onData(stream, session, answer) {
      attempts++
      noteFirst()
      void simpleParser(stream).then((mail) => {
        const responseCode = refusals.shift()
        if (responseCode) return answer(Object.assign(new Error('Refused'), { responseCode }))
        received.push({ recipients: session.envelope.rcptTo.map(({ address }) => address), mail })
        answer()
      })
    },
  })
  // A client that goes away in the middle is what some tests are about.
  server.on('error', () => {})
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(wanted, host, () => {
      const address = listening.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  return {
    url: `smtp://user:pa%20ss@${host}:${port}`,
    received,
    firstAttempt,
    attempts: () => attempts,
    signIns: () => signIns,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
