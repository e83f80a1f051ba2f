/** Caught mails as the API shows them: text alone. */
import { z } from 'zod'

export const MailSummary = z
  .object({
    id: z.string(),
    receivedAt: z.iso.datetime(),
    to: z.array(z.string()),
    subject: z.string(),
  })
  .meta({ id: 'MailSummary' })

export const CaughtMail = MailSummary.extend({
  from: z.string(),
  messageId: z.string(),
  text: z.string().meta({ description: 'Plain text; of a mail that is a page alone, its words.' }),
}).meta({ id: 'CaughtMail' })

/** As the catcher names them. */
export const MailParams = z.object({
  id: z.string().regex(/^\d{15}-[0-9a-f]{8}$/, 'This is no id of a mail.'),
})
