/** The first visit: makes the owner, the department and their tokens. */
import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { hashToken } from '../auth/secret-tokens.ts'
import { defineRoute } from '../define-route.ts'
import { tellOfFirstTokens } from '../mail/tell-tokens.ts'
import { ProblemError } from '../problem.ts'
import { createOwner, NewOwner } from '../setup/create-owner.ts'
import { isLoopback } from '../setup/setup-code.ts'
import { Member } from '../shapes/member.ts'

const tag = 'setup'

export const readSetup = defineRoute({
  operationId: 'readSetup',
  method: 'get',
  path: '/setup',
  tag,
  summary: 'Whether the studio still needs its owner, and a code for making one',
  auth: 'public',
  response: z.object({ needsOwner: z.boolean(), needsCode: z.boolean() }),
  async handler({ studio }) {
    const needsOwner = (await studio.db.member.count({ take: 1 })) === 0
    return { needsOwner, needsCode: needsOwner && studio.config.setupCode !== null }
  },
})

export const setUpOwner = defineRoute({
  operationId: 'setUpOwner',
  method: 'post',
  path: '/setup/owner',
  tag,
  summary: 'Make the first member: the owner, with a department and 10,000 tokens',
  description: 'Works once. Sign in afterwards with POST /api/v1/auth/login.',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  body: NewOwner.extend({
    code: z.string().max(200).optional().meta({ description: 'The code that was printed on the terminal.' }),
  }),
  status: 201,
  response: z.object({ member: Member }),
  async handler({ studio, body, request }) {
    const { code, ...owner } = body
    // A page elsewhere can make its own name mean this machine (DNS rebinding); it cannot use one of ours.
    if (studio.config.setupCode === null && !isOurName(request.headers.host, studio.config.publicUrl))
      throw new ProblemError('cross-site', 'A studio without a set-up code is set up on its own machine.', {
        remedy: 'Open it as http://127.0.0.1 or http://localhost with its port.',
      })
    if (studio.config.setupCode !== null && !sameText(code ?? '', studio.config.setupCode))
      throw new ProblemError('wrong-setup-code', 'The set-up code is not the one on the terminal.', {
        remedy: 'Copy the code that the studio printed when it started.',
      })
    const made = await createOwner(studio, owner)
    if (!made)
      throw new ProblemError('already-set-up', 'This studio has an owner already.', { remedy: 'Sign in.' })
    await tellOfFirstTokens(studio)
    return { member: made }
  },
})

function isOurName(host: string | undefined, publicUrl: URL | null): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  return host === publicUrl?.host || isLoopback(new URL(`http://${host}`).hostname)
}

/** Compares hashes, so that neither length nor common start shows in the time. */
function sameText(shown: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(shown)), Buffer.from(hashToken(right)))
}
