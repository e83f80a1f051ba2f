/** Mails go through a real SMTP exchange: signed in, whole in every language, once, and never with a header of a stranger. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import {
  createPostgresDocuments,
  giveMailUp,
  queueMail,
  readMailStanding,
  sendMailAgain,
  tokensReceived,
  wakeMail,
  type DocumentStore,
  type Mail,
} from '@defect-studio/stores'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { startTestSmtp, type TestSmtp } from './smtp.fixtures.ts'
import type { MailRetries } from './mail-retries.ts'
import { createMailer, type Mailer } from './mailer.ts'

let db: Database
let documents: DocumentStore
const closing: (() => Promise<void>)[] = []
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  documents = createPostgresDocuments(db)
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await db.outgoingMail.deleteMany()
})
afterAll(() => db.$disconnect())

async function smtp(options: Parameters<typeof startTestSmtp>[0] = {}): Promise<TestSmtp> {
  const server = await startTestSmtp(options)
  closing.push(server.close)
  return server
}

interface TestMailer extends Mailer {
  /** Writes a mail into the outbox and has it looked into. */
  send(letter: Mail): Promise<void>
}

/** A third try comes only in an hour, when these tests are over. */
const twiceAtOnce = (attempt: number): number => (attempt < 3 ? 0 : 3_600_000)

async function mailer(
  smtpUrl: string | null,
  retryAfterMs = twiceAtOnce,
  retries?: MailRetries,
): Promise<TestMailer> {
  const made = await createMailer({
    smtpUrl,
    from: 'DefectStudio <studio@example.com>',
    db,
    documents,
    log: pino({ level: 'silent' }),
    retryAfterMs,
    ...(retries ? { retries } : {}),
  })
  closing.push(made.close)
  return {
    ...made,
    async send(letter) {
      await queueMail(db, letter)
      made.wake()
    },
  }
}

let count = 0
const mail = (changes: Partial<Mail> = {}): Mail => ({
  key: `test-${count++}-${crypto.randomUUID()}`,
  to: { name: 'Kim', address: 'kim@example.com' },
  subject: 'Tokens',
  text: 'Hello\n',
  ...changes,
})

test('a mail arrives at a server that asks for a password, whole in Korean', async () => {
  const server = await smtp()
  const sender = await mailer(server.url)
  const letter = mail({
    to: { name: '김결함', address: 'kim@example.com' },
    subject: '토큰 10,000개를 받았습니다 – 확인해 주세요',
    text: '안녕하세요,\n\n.점으로 시작하는 줄\n결함 🔩\n',
  })
  await sender.send(letter)
  await sender.settled()
  expect(server.received).toHaveLength(1)
  const [got] = server.received
  expect(got?.recipients).toEqual(['kim@example.com'])
  expect(got?.mail.subject).toBe(letter.subject)
  expect(got?.mail.text).toBe(letter.text)
  expect(got?.mail.messageId).toBe(`<${letter.key}@defect-studio>`)
  expect(got?.mail.from?.value).toEqual([{ address: 'studio@example.com', name: 'DefectStudio' }])
  expect(got?.mail.to).toMatchObject({ value: [{ address: 'kim@example.com', name: '김결함' }] })
  expect(sender.catcher).toBeNull()
})

test('nothing is delivered with a wrong password', async () => {
  const server = await smtp()
  const sender = await mailer(server.url.replace(/:[^:@]+@/, ':wrong@'))
  await sender.send(mail())
  await sender.settled()
  expect(server.received).toEqual([])
})

test.each([
  ['a name', { to: { name: 'Eve\r\nBcc: victim@example.com\r\n\r\nhello', address: 'eve@example.com' } }],
  ['a name with an address', { to: { name: 'victim@example.com, "', address: 'eve@example.com' } }],
  ['a subject', { subject: 'Hi\r\nBcc: victim@example.com\n\nYou won' }],
  ['an encoded name', { to: { name: '=?utf-8?Q?Eve=0D=0ABcc:_v@x.org?=', address: 'eve@example.com' } }],
])('%s cannot add a header or a recipient', async (_what, changes: Partial<Mail>) => {
  const server = await smtp()
  const sender = await mailer(server.url)
  await sender.send(mail({ to: { name: 'Eve', address: 'eve@example.com' }, ...changes }))
  await sender.settled()
  const [got] = server.received
  expect(got?.recipients).toEqual(['eve@example.com'])
  expect([...(got?.mail.headers.keys() ?? [])].sort()).toEqual(
    ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'].sort(),
  )
  expect(got?.mail.to).toMatchObject({ value: [{ address: 'eve@example.com' }] })
  expect(got?.mail.text).toBe('Hello\n')
})

test('an address that smuggles a second recipient reaches nobody else', async () => {
  const server = await smtp()
  const sender = await mailer(server.url)
  await sender.send(mail({ to: { name: 'Eve', address: 'eve@example.com>\r\nRCPT TO:<victim@example.com' } }))
  await sender.settled()
  expect(server.received.flatMap(({ recipients }) => recipients)).not.toContain('victim@example.com')
})

test('a server that is busy twice gets the mail at the third try', async () => {
  const server = await smtp({ refuse: [451, 421] })
  const sender = await mailer(server.url)
  await sender.send(mail())
  await sender.settled()
  expect([server.attempts(), server.received.length]).toEqual([3, 1])
})

test('a mail that is never taken is given up, and one that can be sent goes its way', async () => {
  const server = await smtp({ refuse: [550] })
  const sender = await mailer(server.url)
  await sender.send(mail())
  await sender.settled()
  expect([server.attempts(), server.received.length]).toEqual([1, 0])
  await sender.send(mail())
  await sender.settled()
  expect(server.received).toHaveLength(1)
})

test('a mail for which there is no server stays in the outbox, with the time of its next try', async () => {
  const gone = await startTestSmtp()
  await gone.close()
  const sender = await mailer(gone.url)
  await sender.send(mail())
  await sender.settled()
  const row = await db.outgoingMail.findFirstOrThrow()
  expect(row).toMatchObject({ attempts: 3, sentAt: null, givenUpAt: null })
  expect(row.lastError).toContain('ECONNREFUSED')
  expect(row.nextAt?.getTime()).toBeGreaterThan(Date.now() + 3_000_000)
})

test('what one process left behind the next one sends, once', async () => {
  const busy = await smtp({ refuse: Array<number>(50).fill(451) })
  const first = await mailer(busy.url)
  await first.send(mail())
  await first.settled()
  await first.close()
  // It died while it sent another: nobody has said how that ended.
  await queueMail(db, mail())
  await db.outgoingMail.updateMany({ data: { attempts: 1, nextAt: new Date(Date.now() - 1) } })
  const server = await smtp()
  const second = await mailer(server.url)
  await second.settled()
  expect(server.received).toHaveLength(2)
  const rows = await db.outgoingMail.findMany()
  expect(rows.map(({ sentAt, nextAt, lastError }) => [sentAt !== null, nextAt, lastError])).toEqual([
    [true, null, null],
    [true, null, null],
  ])
})

test('several processes share an outbox, and each mail goes out once', async () => {
  const server = await smtp()
  const letters = Array.from({ length: 60 }, () => mail())
  for (const letter of letters) await queueMail(db, letter)
  const senders = await Promise.all([mailer(server.url), mailer(server.url), mailer(server.url)])
  await Promise.all(senders.map((sender) => sender.settled()))
  const ids = server.received.map(({ mail: { messageId } }) => messageId)
  expect(ids.sort()).toEqual(letters.map(({ key }) => `<${key}@defect-studio>`).sort())
})

test('a mail that nobody takes for a day is given up, and says why', async () => {
  const server = await smtp({ refuse: [451] })
  await queueMail(db, mail())
  await db.outgoingMail.updateMany({ data: { createdAt: new Date(Date.now() - 25 * 3_600_000) } })
  const sender = await mailer(server.url)
  await sender.settled()
  const row = await db.outgoingMail.findFirstOrThrow()
  expect(row).toMatchObject({ attempts: 1, nextAt: null, sentAt: null })
  expect([row.givenUpAt !== null, row.lastError]).toEqual([true, expect.stringContaining('451')])
})

test('a mail goes out as text and as a page, in which nothing that people typed is markup or a link', async () => {
  const server = await smtp()
  const sender = await mailer(server.url)
  const name = '<img src=x onerror=alert(1)> https://evil.example'
  const link = 'https://studio.example/tokens?a=1&b=2'
  const facts = { name, department: 'A & "B"', tokens: 2.5, giver: null, page: link }
  await sender.send(mail({ language: 'ko', ...tokensReceived('ko', facts) }))
  await sender.settled()
  const got = server.received[0]?.mail
  expect(got?.subject).toBe('토큰 2.5개를 받았습니다')
  expect(got?.text).toContain(`잔액 확인: ${link}`)
  const page = got?.html === false ? '' : (got?.html ?? '')
  expect(page).toContain('<html lang="ko">')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; https://evil.example님')
  expect(page.match(/href="[^"]*"/g)).toEqual(['href="https://studio.example/tokens?a=1&amp;b=2"'])
  expect(page).not.toMatch(/<img|<script|<link|url\(|src=(?!x)/)
})

test('a mail that could not be sent is handed to a workflow once for each failed try, and told when it is over', async () => {
  const server = await smtp({ refuse: [451] })
  const told: boolean[] = []
  const retries = { tried: async (_id: string, isOver: boolean) => void told.push(isOver) }
  const sender = await mailer(server.url, () => 3_600_000, retries)
  await sender.send(mail())
  await sender.settled()
  const row = await db.outgoingMail.findFirstOrThrow()
  expect([row.attempts, row.takenAt, told]).toEqual([1, null, [false]])
  // As its workflow does; what does not stand as it was seen is left alone.
  await wakeMail(db, { mailId: row.id, attempts: 0 })
  await sender.settled()
  expect(server.received).toHaveLength(0)
  await wakeMail(db, { mailId: row.id, attempts: 1 })
  await sender.settled()
  expect([server.received.length, told]).toEqual([1, [false, true]])
  expect((await readMailStanding(db, row.id)).state).toBe('sent')
})

test('while no workflow can be begun, this process tries again itself', async () => {
  const server = await smtp({ refuse: [451] })
  const away = { tried: () => Promise.reject(new Error('Temporal is away')) }
  const sender = await mailer(server.url, twiceAtOnce, away)
  await sender.send(mail())
  await sender.settled()
  expect([server.attempts(), server.received.length]).toEqual([2, 1])
})

test('a code that works no more is not sent any more', async () => {
  const server = await smtp()
  await queueMail(db, mail({ usefulForSeconds: -1 }))
  const sender = await mailer(server.url)
  await sender.settled()
  const row = await db.outgoingMail.findFirstOrThrow()
  expect([server.attempts(), row.givenUpAt !== null, row.lastError]).toEqual([
    0,
    true,
    expect.stringContaining('of no use'),
  ])
})

test('a mail that was given up can be sent again, and one that is being sent is left alone', async () => {
  const server = await smtp({ refuse: [550] })
  const sender = await mailer(server.url)
  await sender.send(mail())
  await sender.settled()
  const { id } = await db.outgoingMail.findFirstOrThrow()
  expect(await giveMailUp(db, id)).toBe('given-up')
  expect(await sendMailAgain(db, id)).toBeNull()
  await db.outgoingMail.updateMany({ data: { takenAt: new Date() } })
  expect(await sendMailAgain(db, id)).toBe('being-sent')
  await db.outgoingMail.updateMany({ data: { takenAt: null } })
  await sender.settled()
  expect(server.received).toHaveLength(1)
  expect([await sendMailAgain(db, id), await giveMailUp(db, crypto.randomUUID())]).toEqual(['sent', 'gone'])
})

test('closing does not wait for the next try', async () => {
  const server = await smtp({ refuse: Array<number>(50).fill(451) })
  const sender = await mailer(server.url, () => 3_600_000)
  await sender.send(mail())
  await server.firstAttempt
  await sender.close()
  expect(server.received).toEqual([])
})

test('the same key is sent once: at once, later, and by another process', async () => {
  const server = await smtp()
  const letter = mail()
  const sender = await mailer(server.url)
  await sender.send(letter)
  await sender.send(letter)
  await sender.settled()
  await sender.send(letter)
  await sender.settled()
  const other = await mailer(server.url)
  await other.send(letter)
  await other.settled()
  expect(server.received).toHaveLength(1)
})

test('a password is not shown to a server elsewhere that offers no TLS', async () => {
  const server = await smtp({ host: '127.0.0.2' })
  const sender = await mailer(server.url)
  await sender.send(mail())
  await sender.settled()
  expect([server.signIns(), server.received.length]).toEqual([0, 0])
  const careless = await mailer(`${server.url}?requireTLS=false`)
  await careless.send(mail())
  await careless.settled()
  expect(server.received).toHaveLength(1)
})
