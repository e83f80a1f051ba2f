/** Mails that leave the studio, as whoever looks after them sees them: never what they say. */
import type { OutgoingMail as Row } from '@defect-studio/prisma'
import { z } from 'zod'

export const MailState = z.enum(['waiting', 'failed', 'given-up', 'sent']).meta({
  description:
    '`waiting`: not tried yet; `failed`: tried in vain, and tried again; `given-up`: tried no more.',
})
export type MailState = z.infer<typeof MailState>

export const OutgoingMail = z
  .object({
    id: z.uuid(),
    key: z.string().meta({ description: 'What it tells of; a mail of the same key is sent once.' }),
    to: z.string(),
    subject: z.string(),
    state: MailState,
    attempts: z.int().min(0),
    lastError: z.string().nullable().meta({ description: 'What the mail server said at the latest try.' }),
    createdAt: z.iso.datetime(),
    nextAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'The next try comes at this time at the latest.' }),
    sentAt: z.iso.datetime().nullable(),
    givenUpAt: z.iso.datetime().nullable(),
    workflowId: z
      .string()
      .nullable()
      .meta({ description: 'What has it tried again, in Temporal; null where nothing had to be.' }),
  })
  .meta({ id: 'OutgoingMail' })

export function stateOf({ sentAt, givenUpAt, attempts }: Row): MailState {
  if (sentAt) return 'sent'
  if (givenUpAt) return 'given-up'
  return attempts > 0 ? 'failed' : 'waiting'
}
