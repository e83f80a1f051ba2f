/** Refuses whoever has guessed wrong too often, and says how long. */
import { beginAttempt } from '@defect-studio/stores'
import type { Request, Response } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'

/** An IPv4 address, or the network of an IPv6 one: who has one address there has them all. */
export const addressOf = (request: Request): string => ipKeyGenerator(request.ip ?? '', 56)

/** Counts a try; `forgetAttempts` with the same words when it was right. @throws ProblemError 'too-many-attempts'. */
export async function waitTurn(
  { db }: Pick<Studio, 'db'>,
  response: Response,
  what: readonly string[],
): Promise<void> {
  const seconds = await beginAttempt(db, what)
  if (seconds === 0) return
  response.set('Retry-After', String(seconds))
  throw new ProblemError('too-many-attempts', `Too many wrong tries. Try again in ${seconds} seconds.`, {
    retryAfterSeconds: seconds,
  })
}
