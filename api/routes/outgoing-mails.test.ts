/** Whoever looks after the studio sees which mails do not go out and why, sends them again or gives them up. */
import { queueMail } from '@defect-studio/stores'
import { expect, test } from 'vitest'
import { startTestSmtp } from '../mail/smtp.fixtures.ts'
import { startTestStudio } from '../studio.fixtures.ts'

test('a mail that was refused is seen with the reason, sent again, and then left alone', async () => {
  const smtp = await startTestSmtp({ refuse: [550, 550] })
  const studio = await startTestStudio({ smtpUrl: smtp.url })
  try {
    const token = await studio.signInOwner()
    await studio.mailer.settled()
    await queueMail(studio.db, {
      key: 'code-1',
      to: { name: 'Kim', address: 'kim@example.com' },
      subject: 'A code',
      text: 'secret 123456\n',
    })
    studio.mailer.wake()
    await studio.mailer.settled()
    const list = await studio.call('GET', '/api/v1/outgoing-mails?state=given-up', { token })
    expect(list.body).toMatchObject({ items: [{}, {}] })
    const [mail] = list.body.items
    expect(mail).toMatchObject({ to: 'Kim <kim@example.com>', attempts: 1, state: 'given-up', key: 'code-1' })
    expect(JSON.stringify(mail)).toContain('Refused')
    expect(JSON.stringify(list.body)).not.toContain('secret')
    const at = `/api/v1/outgoing-mails/${mail?.id}`
    expect((await studio.call('POST', `${at}/resend`, { token })).status).toBe(200)
    await studio.mailer.settled()
    expect(smtp.received).toHaveLength(1)
    for (const deed of ['resend', 'give-up']) {
      const again = await studio.call('POST', `${at}/${deed}`, { token })
      expect([again.status, again.body.code]).toEqual([409, 'mail-settled'])
    }
    const admin = await studio.signInMember('admin', 'department_admin', 'My department')
    expect((await studio.call('GET', '/api/v1/outgoing-mails', { token: admin })).status).toBe(403)
    expect((await studio.call('POST', `${at}/give-up`, { token: admin })).status).toBe(403)
    const nobody = `/api/v1/outgoing-mails/${crypto.randomUUID()}/resend`
    expect((await studio.call('POST', nobody, { token })).status).toBe(404)
  } finally {
    await studio.close()
    await smtp.close()
  }
})
