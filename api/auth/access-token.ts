/** The short-lived token that a signed-in page shows with every request. */
import jwt from 'jsonwebtoken'
import { z } from 'zod'

export const accessTokenMinutes = 60
export const accessTokenIssuer = 'defect-studio'

export const AccessClaims = z.object({ sub: z.uuid(), sid: z.uuid() })
export type AccessClaims = z.infer<typeof AccessClaims>

export function signAccessToken(
  claims: AccessClaims,
  key: Buffer,
): { accessToken: string; expiresAt: string } {
  const expires = Math.floor(Date.now() / 1000) + accessTokenMinutes * 60
  const accessToken = jwt.sign({ sid: claims.sid, exp: expires }, key, {
    algorithm: 'HS256',
    issuer: accessTokenIssuer,
    subject: claims.sub,
  })
  return { accessToken, expiresAt: new Date(expires * 1000).toISOString() }
}
