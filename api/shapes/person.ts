/** What people write about themselves, wherever they do: at the first visit, signing up, in the profile. */
import { deletedLoginPrefix, mailLanguages } from '@defect-studio/stores'
import { z } from 'zod'
import { LoginId } from './member.ts'

/**
 * A name is text and nothing else: composed (NFC), on one line, without what is not seen or turns the direction of
 * writing, by which one name could be made to look like another. `<b>` is three letters like any others.
 */
export const PersonName = z
  .string()
  .max(400)
  .normalize('NFC')
  .transform((text) => text.trim().replace(/ {2,}/g, ' '))
  .pipe(
    z
      .string()
      .min(1, 'A name has at least one letter.')
      .max(100, 'A name has at most 100 letters.')
      .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'A name has no control characters, and none that are not seen.'),
  )

export const Email = z.email().max(255).toLowerCase()

export const Language = z.enum(mailLanguages).meta({ description: 'Of mails and pages.' })

/** Not one that stands for somebody who has left. */
export const NewLoginId = LoginId.refine(
  (text) => !text.startsWith(deletedLoginPrefix),
  'This login id is kept for accounts that were deleted.',
)

export const CurrentPassword = z.string().min(1).max(200)
