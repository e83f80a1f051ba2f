/** What the environment says about mail and documents is refused in words when it cannot be meant. */
import { expect, test } from 'vitest'
import { readEnv } from '../env.ts'

const read = (env: NodeJS.ProcessEnv) => readEnv({ DATABASE_URL: 'postgresql://localhost/studio', ...env })

test('without settings mails are caught and documents stay where everything is', () => {
  const env = read({ SMTP_URL: '', DOCUMENTS_URL: '', MAIL_FROM: '' })
  expect([env.SMTP_URL, env.DOCUMENTS_URL, env.MAIL_FROM]).toEqual([
    undefined,
    undefined,
    'DefectStudio <studio@localhost>',
  ])
})

test.each(['smtp://mail.example.com:25', 'smtps://kim%40example.com:p%40ss@mail.example.com:465'])(
  '%s with a sender is understood',
  (SMTP_URL) => {
    for (const MAIL_FROM of ['studio@example.com', '결함 <studio@example.com>', '"Studio, Inc." <s@x.org>'])
      expect(read({ SMTP_URL, MAIL_FROM })).toMatchObject({ SMTP_URL, MAIL_FROM })
  },
)

test.each([
  [{ SMTP_URL: 'smtp://user:secret@mail.example.com' }, 'MAIL_FROM'],
  [{ SMTP_URL: 'http://user:secret@mail.example.com', MAIL_FROM: 'a@b.c' }, 'SMTP_URL'],
  [{ SMTP_URL: 'mail.example.com:secret', MAIL_FROM: 'a@b.c' }, 'SMTP_URL'],
  [{ MAIL_FROM: 'Studio' }, 'MAIL_FROM'],
  [{ MAIL_FROM: 'Studio <a@b.c>\r\nBcc: <d@e.f>' }, 'MAIL_FROM'],
  [{ DOCUMENTS_URL: 'mongodb://user:secret@host/db' }, 'DOCUMENTS_URL'],
])('%j is refused at its variable, and no password is repeated', (env, variable) => {
  let message = ''
  try {
    read(env)
  } catch (error) {
    message = error instanceof Error ? error.message : ''
  }
  expect(message).toContain(variable)
  expect(message).not.toContain('secret')
})
