/** What the environment says about signing in elsewhere, by OpenID Connect. */
import { z } from 'zod'
import { isLoopback } from '../setup/setup-code.ts'

export interface OidcConfig {
  issuer: URL
  clientId: string
  clientSecret: string
  /** What the button calls it. */
  name: string
  /** Only addresses of these domains, in small letters; empty: of any. */
  allowedDomains: readonly string[]
  /** Whether somebody who is not known becomes a guest; otherwise they are sent away. */
  autoCreate: boolean
  /** Of new guests; null: the oldest one. */
  department: string | null
}

export const oidcEnvironment = {
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().max(60).default('OpenID Connect'),
  OIDC_ALLOWED_DOMAINS: z.string().default(''),
  OIDC_AUTO_CREATE: z.stringbool().default(true),
  OIDC_DEPARTMENT: z.string().max(100).optional(),
}

/** Null when nothing is configured. @throws Error when half of it is, or when secrets would go over an open line. */
export function readOidcConfig(env: z.output<z.ZodObject<typeof oidcEnvironment>>): OidcConfig | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = env
  if (!OIDC_ISSUER && !OIDC_CLIENT_ID && !OIDC_CLIENT_SECRET) return null
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET)
    throw new Error('OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all or none.')
  const issuer = new URL(OIDC_ISSUER)
  if (issuer.protocol !== 'https:' && !isLoopback(issuer.hostname))
    throw new Error(
      'OIDC_ISSUER has to begin with https://, so that nobody on the way can sign in as others.',
    )
  return {
    issuer,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    name: env.OIDC_NAME,
    allowedDomains: env.OIDC_ALLOWED_DOMAINS.toLowerCase()
      .split(/[\s,]+/)
      .filter((domain) => domain !== ''),
    autoCreate: env.OIDC_AUTO_CREATE,
    department: env.OIDC_DEPARTMENT ?? null,
  }
}
