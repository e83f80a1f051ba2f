/** The mail settings of the environment: which mail servers are understood, and who sends when nobody is named. */
import { z } from 'zod'

/** Only the catcher sees it: a real mail server needs a sender of its own. */
export const defaultFrom = 'DefectStudio <studio@localhost>'

/** The refusal does not repeat the address: it carries a password. */
export const SmtpUrl = z
  .string()
  .refine(
    (url) => URL.canParse(url) && /^smtps?:\/\//i.test(url) && new URL(url).hostname !== '',
    'Understood is smtp://user:password@host:587 or smtps://user:password@host:465.',
  )

export const MailFrom = z
  .string()
  .regex(
    /^(?:[^\r\n<>@]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
    'Understood is DefectStudio <studio@example.com>.',
  )
