/** API keys and worker tokens: random, shown once, kept only as their hash. */
import { createHash, randomBytes } from 'node:crypto'

export const apiKeyPrefix = 'dsk_'
export const workerTokenPrefix = 'dsw_'

/** SHA-256 is enough for 256 random bits: there is nothing to guess. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

export function createSecretToken(prefix: string): { token: string; hash: string; shownPrefix: string } {
  const token = prefix + randomBytes(32).toString('base64url')
  return { token, hash: hashToken(token), shownPrefix: token.slice(0, prefix.length + 6) }
}

/** The token of an `Authorization: Bearer` header, or null. */
export function bearerToken(header: string | undefined): string | null {
  return /^Bearer ([^\s]{1,4096})$/i.exec(header ?? '')?.[1] ?? null
}
