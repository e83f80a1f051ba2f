/** Asks for the current password again before what a stolen session must not do. */
import type { Member } from '@defect-studio/prisma'
import { forgetAttempts } from '@defect-studio/stores'
import type { Response } from 'express'
import type { Caller } from '../auth/caller.ts'
import { passwordMatches } from '../auth/passwords.ts'
import { waitTurn } from '../auth/wait-turn.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'

/** @returns the member as it is now. @throws ProblemError 'wrong-password', 'too-many-attempts'. */
export async function confirmPassword(
  studio: Pick<Studio, 'db'>,
  { memberId }: Pick<Caller, 'memberId'>,
  response: Response,
  password: string,
): Promise<Member> {
  const what = ['password', memberId]
  await waitTurn(studio, response, what)
  const member = await studio.db.member.findUniqueOrThrow({ where: { id: memberId } })
  if (member.passwordHash === null)
    throw new ProblemError('wrong-password', 'This account has no password: it signs in elsewhere.', {
      remedy: 'Set one with "Forgot your password?" first.',
    })
  if (!(await passwordMatches(member.passwordHash, password)))
    throw new ProblemError('wrong-password', 'The current password is wrong.', { remedy: 'Try again.' })
  await forgetAttempts(studio.db, what)
  return member
}
