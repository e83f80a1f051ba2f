/** Between password and code: shows that the first step was right, for a few minutes, and opens nothing else. */
import jwt from 'jsonwebtoken'
import { z } from 'zod'

export const ticketMinutes = 5
const issuer = 'defect-studio second step'

const Claims = z.object({ sub: z.uuid(), since: z.number() })

/** @param passwordChangedAt a ticket of before a change of the password is worth nothing. */
export function signTicket(memberId: string, passwordChangedAt: Date | null, key: Buffer): string {
  return jwt.sign({ since: passwordChangedAt?.getTime() ?? 0 }, key, {
    algorithm: 'HS256',
    issuer,
    subject: memberId,
    expiresIn: ticketMinutes * 60,
  })
}

/** Null when it was not given by us, or is too old. `since`: of the password that was right, ms since 1970, or 0. */
export function readTicket(ticket: string, key: Buffer): { memberId: string; since: number } | null {
  try {
    const claims = Claims.parse(jwt.verify(ticket, key, { algorithms: ['HS256'], issuer }))
    return { memberId: claims.sub, since: claims.since }
  } catch {
    return null
  }
}
