/** Without a mail server the mails stay here, for super admins alone; who is given tokens is told once. */
import { createTransport } from 'nodemailer'
import { afterEach, expect, test } from 'vitest'
import { startTestSmtp } from '../mail/smtp.fixtures.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio | undefined
afterEach(async () => {
  await studio?.close()
  studio = undefined
})

interface MailBody {
  id: string
  to: string[]
  subject: string
  text: string
}
const list = async (running: TestStudio, token: string) =>
  (await running.call<{ items: MailBody[] }>('GET', '/api/v1/mails', { token })).body.items

test('the owner is told of the first tokens, and reads it in the studio', async () => {
  const running = (studio = await startTestStudio())
  const token = await running.signInOwner()
  await running.mailer.settled()
  const [mail, ...others] = await list(running, token)
  expect(others).toEqual([])
  expect(mail).toMatchObject({
    to: [`"Olga Owner" <${owner.email}>`],
    subject: 'You have received 10,000 tokens',
  })
  const whole = await running.call<MailBody>('GET', `/api/v1/mails/${mail?.id}`, { token })
  expect(whole.body.text).toContain('Hello Olga Owner,')
  expect(whole.body.text).toContain('10,000 tokens from the department "My department"')
})

test('only a super admin reads mails', async () => {
  const running = (studio = await startTestStudio())
  const token = await running.signInOwner()
  await running.mailer.settled()
  const [mail] = await list(running, token)
  const others = [
    await running.signInMember('admin', 'department_admin', 'My department'),
    await running.signInMember('member'),
  ]
  for (const path of ['/api/v1/mails', `/api/v1/mails/${mail?.id}`]) {
    expect((await running.call('GET', path)).status).toBe(401)
    for (const other of others) expect((await running.call('GET', path, { token: other })).status).toBe(403)
  }
  expect((await running.call('GET', '/api/v1/mails/000000000000001-00000000', { token })).status).toBe(404)
  expect((await running.call('GET', '/api/v1/mails/..%2Fimages', { token })).status).toBe(422)
})

test('whoever is given tokens is told once for each gift, however often the request comes', async () => {
  const running = (studio = await startTestStudio())
  const token = await running.signInOwner()
  await running.signInMember('kim', 'department_member', 'My department')
  const kim = await running.db.member.update({
    where: { loginId: 'kim' },
    data: { name: '김결함\r\nBcc: victim@example.com\n\nYou owe me money' },
  })
  const headers = { 'idempotency-key': 'once' }
  await running.call('POST', '/api/v1/tokens/issue', { token, json: { amount: 50 } })
  for (let time = 1; time <= 3; time++) {
    const json = { memberId: kim.id, amount: 1 }
    const answer = await running.call('POST', '/api/v1/tokens/distribute', { token, json, headers })
    expect(answer.status).toBe(201)
  }
  await running.call('POST', '/api/v1/tokens/distribute', { token, json: { memberId: kim.id, amount: 7 } })
  await running.mailer.settled()
  const mails = (await list(running, token)).filter(({ to }) => to.join().includes('kim@example.com'))
  expect(mails.map(({ subject }) => subject).sort()).toEqual([
    'You have received 1 token',
    'You have received 7 tokens',
  ])
  const { body } = await running.call<MailBody>('GET', `/api/v1/mails/${mails[0]?.id}`, { token })
  expect(body.text.split('\n')[0]).toBe('Hello 김결함 Bcc: victim@example.com You owe me money,')
  expect(body.text).toContain('given by Olga Owner')
  expect(JSON.stringify(body.to)).not.toContain('\\n')
})

test('with a mail server the mails go there, and the studio says that it keeps none', async () => {
  const smtp = await startTestSmtp()
  try {
    const running = (studio = await startTestStudio({ smtpUrl: smtp.url }))
    const token = await running.signInOwner()
    await running.mailer.settled()
    expect(smtp.received.map(({ recipients }) => recipients)).toEqual([[owner.email]])
    const answer = await running.call('GET', '/api/v1/mails', { token })
    expect(answer.status).toBe(404)
    expect(answer.body.detail).toContain('through a mail server')
    expect(answer.body.remedy).toContain('SMTP_URL')
  } finally {
    await smtp.close()
  }
})

test('a mail server that is away takes no tokens and fails no request', async () => {
  const smtp = await startTestSmtp()
  await smtp.close()
  const running = (studio = await startTestStudio({ smtpUrl: smtp.url }))
  const token = await running.signInOwner()
  await running.mailer.settled()
  const { body } = await running.call('GET', '/api/v1/tokens/balance', { token })
  expect(body.member.available).toBe(10_000)
})

test('the catcher keeps the latest 200, as text', { timeout: 120_000 }, async () => {
  const running = (studio = await startTestStudio())
  const token = await running.signInOwner()
  await running.mailer.settled()
  const transport = createTransport({ url: running.mailer.catcher?.url ?? '', pool: true })
  const base = { from: 'a@example.com', to: 'b@example.com' }
  for (let index = 1; index <= 200; index++)
    await transport.sendMail({ ...base, subject: `mail ${index}`, text: 'x' })
  const html = '<p>Read <b>this</b><script>alert(1)</script></p>'
  await transport.sendMail({ ...base, subject: 'page\0', html })
  transport.close()
  const mails = await list(running, token)
  expect(mails).toHaveLength(200)
  expect(mails.slice(0, 2).map(({ subject }) => subject)).toEqual(['page', 'mail 200'])
  expect(mails.at(-1)?.subject).toBe('mail 2')
  const { body } = await running.call<MailBody>('GET', `/api/v1/mails/${mails[0]?.id}`, { token })
  expect(body.text.trim()).toBe('Read this')
  expect(JSON.stringify(body)).not.toContain('<p>')
})

test('nobody puts mails into the catcher without its password', async () => {
  const running = (studio = await startTestStudio())
  const url = new URL(running.mailer.catcher?.url ?? '')
  url.password = 'guessed'
  for (const address of [url.href, `smtp://${url.host}`]) {
    const transport = createTransport({ url: address })
    const sent = transport.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'x' })
    await expect(sent).rejects.toThrow(/Invalid login|authentication/i)
    transport.close()
  }
  expect(await running.mailer.catcher?.list()).toEqual([])
})
