/** The mails of a studio without a mail server, for whoever looks after it. */
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import type { MailCatcher } from '../mail/mail-catcher.ts'
import { notFound, ProblemError } from '../problem.ts'
import { CaughtMail, MailParams, MailSummary } from '../shapes/mail.ts'
import type { Studio } from '../studio.ts'

const tag = 'mails'

export const listMails = defineRoute({
  operationId: 'listMails',
  method: 'get',
  path: '/mails',
  tag,
  summary: 'The latest 200 mails, newest first, where no mail server is configured',
  description: 'With SMTP_URL mails leave the studio and none are kept: the answer is 404.',
  auth: 'read-mails',
  response: z.object({ items: z.array(MailSummary) }),
  async handler({ studio }) {
    return { items: await catcherOf(studio).list() }
  },
})

export const readMail = defineRoute({
  operationId: 'readMail',
  method: 'get',
  path: '/mails/:id',
  tag,
  summary: 'One mail as plain text',
  auth: 'read-mails',
  params: MailParams,
  response: CaughtMail,
  async handler({ studio, params }) {
    const mail = await catcherOf(studio).get(params.id)
    if (!mail) throw notFound('mail')
    return mail
  },
})

function catcherOf(studio: Studio): MailCatcher {
  if (studio.mailer.catcher) return studio.mailer.catcher
  throw new ProblemError('not-found', 'This studio sends its mails through a mail server and keeps none.', {
    remedy: 'Look into the mailbox that they were sent to. Without SMTP_URL the studio keeps them itself.',
  })
}
