/** Only what is over, and long ago, is forgotten: what waits is never lost. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { forgetSent } from './forget-sent.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterAll(() => db.$disconnect())

const long = new Date(Date.now() - 91 * 86_400_000)
const lately = new Date(Date.now() - 89 * 86_400_000)

test('mails and webhooks that went out three months ago are forgotten', async () => {
  const ends = {
    'sent long ago': { sentAt: long, givenUpAt: null, nextAt: null },
    'given up long ago': { sentAt: null, givenUpAt: long, nextAt: null },
    'sent lately': { sentAt: lately, givenUpAt: null, nextAt: null },
    'waits since long': { sentAt: null, givenUpAt: null, nextAt: long },
  }
  for (const [key, { sentAt, givenUpAt, nextAt }] of Object.entries(ends)) {
    const dates = { createdAt: long, givenUpAt, nextAt }
    await db.outgoingMail.create({
      data: { key, toName: '', toAddress: 'a@b.org', subject: '', text: '', sentAt, ...dates },
    })
    await db.webhookDelivery.create({
      data: { key, url: '', body: {}, departmentId: crypto.randomUUID(), deliveredAt: sentAt, ...dates },
    })
  }
  expect(await forgetSent(db)).toBe(4)
  const left = ['sent lately', 'waits since long']
  expect((await db.outgoingMail.findMany({ orderBy: { key: 'asc' } })).map(({ key }) => key)).toEqual(left)
  expect((await db.webhookDelivery.findMany({ orderBy: { key: 'asc' } })).map(({ key }) => key)).toEqual(left)
  expect(await forgetSent(db)).toBe(0)
})
