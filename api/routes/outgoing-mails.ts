/** The mails that leave the studio: which wait, failed or were given up, and what to do with them. */
import type { OutgoingMail as Row, Prisma } from '@defect-studio/prisma'
import { giveMailUp, sendMailAgain, type MailObstacle } from '@defect-studio/stores'
import { mailWorkflowId } from '@defect-studio/workflows/run-messages'
import type { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { MailState, OutgoingMail, stateOf } from '../shapes/outgoing-mail.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'

const tag = 'mails'

const filters: Record<MailState, Prisma.OutgoingMailWhereInput> = {
  waiting: { sentAt: null, givenUpAt: null, attempts: 0 },
  failed: { sentAt: null, givenUpAt: null, attempts: { gt: 0 } },
  'given-up': { givenUpAt: { not: null } },
  sent: { sentAt: { not: null } },
}

export const listOutgoingMails = defineRoute({
  method: 'get',
  path: '/outgoing-mails',
  tag,
  summary: 'The mails of the last 90 days, newest first: what became of each, and what the mail server said',
  description: 'What the mails say is not shown.',
  auth: 'read-mails',
  query: PageQuery.extend({ state: MailState.optional() }),
  response: pageOf(OutgoingMail),
  async handler({ studio, query }) {
    const rows = await studio.db.outgoingMail.findMany({
      where: query.state ? filters[query.state] : {},
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, describe)
  },
})

export const resendMail = defineRoute({
  method: 'post',
  path: '/outgoing-mails/:id/resend',
  tag,
  summary: 'Sends a mail now that failed or was given up',
  auth: 'read-mails',
  params: IdParams,
  response: OutgoingMail,
  async handler({ studio, params: { id } }) {
    refuse(await sendMailAgain(studio.db, id))
    studio.mailer.wake()
    return describe(await studio.db.outgoingMail.findUniqueOrThrow({ where: { id } }))
  },
})

export const giveUpMail = defineRoute({
  method: 'post',
  path: '/outgoing-mails/:id/give-up',
  tag,
  summary: 'Gives up a mail that could not be sent',
  auth: 'read-mails',
  params: IdParams,
  response: OutgoingMail,
  async handler({ studio, params: { id } }) {
    refuse(await giveMailUp(studio.db, id))
    return describe(await studio.db.outgoingMail.findUniqueOrThrow({ where: { id } }))
  },
})

function describe(row: Row): z.input<typeof OutgoingMail> {
  const { id, key, subject, attempts, lastError } = row
  const time = (at: Date | null) => at?.toISOString() ?? null
  return {
    ...{ id, key, subject, attempts, lastError },
    to: row.toName === '' ? row.toAddress : `${row.toName} <${row.toAddress}>`,
    state: stateOf(row),
    createdAt: row.createdAt.toISOString(),
    nextAt: time(row.nextAt),
    sentAt: time(row.sentAt),
    givenUpAt: time(row.givenUpAt),
    workflowId: row.lastError === null ? null : mailWorkflowId(id),
  }
}

function refuse(obstacle: MailObstacle | null): void {
  if (obstacle === null) return
  if (obstacle === 'gone') throw notFound('mail')
  throw new ProblemError('mail-settled', says[obstacle], { remedy: 'Read the list again.' })
}

const says = {
  sent: 'This mail has been sent.',
  'given-up': 'This mail has been given up already.',
  'being-sent': 'This mail is being sent at this moment.',
} as const
