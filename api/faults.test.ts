/** Disks that are full or away, documents and mail servers that do not answer: nothing is lost, and all goes on without a restart. */
import { createDatabase } from '@defect-studio/prisma'
import { createFileStore, createPostgresDocuments, queueMail, wakeMail } from '@defect-studio/stores'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layLine } from './cuttable-line.fixtures.ts'
import { createMailer } from './mail/mailer.ts'
import { startTestSmtp } from './mail/smtp.fixtures.ts'
import { picture, startTestStudio, type TestStudio } from './studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  await studio.mailer.settled()
})
afterAll(() => studio.close())

const log = pino({ level: 'silent' })
const from = 'DefectStudio <studio@example.com>'
const letter = (key: string) => ({
  key,
  to: { name: 'Kim', address: 'kim@example.com' },
  subject: 'A letter',
  text: 'Hello\n',
})

test('while the disk of the artifacts is full an upload is refused in words, leaves no row, and works once there is room', async () => {
  const bytes = await picture(7)
  const folder = await mkdtemp(path.join(tmpdir(), 'full-'))
  const full = createFileStore(folder, async (_file, given) => {
    const device = await open('/dev/full', 'w')
    await device.writeFile(given).finally(() => device.close())
  })
  const { put } = studio.artifacts
  const before = await studio.db.artifact.count()
  studio.artifacts.put = full.put
  try {
    const refused = await studio.upload(token, bytes)
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      503,
      'store-unavailable',
      'The artifact store is full.',
    ])
    expect(refused.body.remedy).toContain('make room')
    expect(await studio.db.artifact.count()).toBe(before)
  } finally {
    studio.artifacts.put = put
    await rm(folder, { recursive: true, force: true })
  }
  expect((await studio.upload(token, bytes)).status).toBe(201)
})

test('while the documents are away a mail waits in the outbox with the reason, and arrives once they are back', async () => {
  const server = new URL(studio.databaseUrl)
  const line = await layLine(server.hostname, Number(server.port))
  server.host = `127.0.0.1:${line.port}`
  const away = createDatabase(server.href, { connections: 2 })
  const mailer = await createMailer({
    ...{ smtpUrl: null, from, db: studio.db, log },
    documents: createPostgresDocuments(away),
    retryAfterMs: () => 3_600_000,
  })
  try {
    line.cut()
    // Of the two mailers on this outbox only the one without documents may take it.
    await studio.mailer.close()
    await queueMail(studio.db, letter('documents'))
    await mailer.settled()
    const waiting = await studio.db.outgoingMail.findUniqueOrThrow({ where: { key: 'documents' } })
    expect(waiting).toMatchObject({ attempts: 1, sentAt: null, givenUpAt: null })
    expect(waiting.lastError).toContain('could not be kept')
    const asked = await studio.call('GET', '/api/v1/auth/me', { token })
    expect(asked.status).toBe(200)
    line.mend()
    await wakeMail(studio.db, { mailId: waiting.id, attempts: 1 })
    await mailer.settled()
    expect((await mailer.catcher?.list())?.filter(({ subject }) => subject === 'A letter')).toHaveLength(1)
  } finally {
    await mailer.close()
    await away.$disconnect()
    line.close()
  }
})

test('a mail server that is away loses no mail, and each goes out once when it is back', async () => {
  const first = await startTestSmtp()
  const port = Number(new URL(first.url).port)
  await first.close()
  const mailer = await createMailer({
    ...{ smtpUrl: first.url, from, db: studio.db, log },
    documents: createPostgresDocuments(studio.db),
    retryAfterMs: () => 3_600_000,
  })
  try {
    for (const key of ['away-1', 'away-2']) await queueMail(studio.db, letter(key))
    await mailer.settled()
    const rows = await studio.db.outgoingMail.findMany({ where: { key: { startsWith: 'away-' } } })
    expect(rows.map(({ sentAt, lastError }) => [sentAt, lastError?.includes('ECONNREFUSED')])).toEqual([
      [null, true],
      [null, true],
    ])
    const listed = await studio.call('GET', '/api/v1/outgoing-mails?state=failed', { token })
    expect(listed.body.items).toHaveLength(2)
    const again = await startTestSmtp({ port })
    try {
      for (const { id } of rows) await wakeMail(studio.db, { mailId: id, attempts: 1 })
      await mailer.settled()
      expect(again.received.map(({ mail }) => mail.messageId).sort()).toEqual([
        '<away-1@defect-studio>',
        '<away-2@defect-studio>',
      ])
    } finally {
      await again.close()
    }
  } finally {
    await mailer.close()
  }
})
