/** Speaks to the OpenID Connect provider: the way there with state, nonce and PKCE, and what comes back. */
import { openSecret, sealSecret } from '@defect-studio/stores'
import type { Request, Response } from 'express'
import * as client from 'openid-client'
import { z } from 'zod'
import type { ApiConfig } from '../config.ts'
import { ProblemError } from '../problem.ts'
import { isLoopback } from '../setup/setup-code.ts'
import type { OidcConfig } from './oidc-config.ts'

/** What the provider says about the person. */
export const OidcClaims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(255).toLowerCase().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
  nickname: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
})
export type OidcClaims = z.infer<typeof OidcClaims>

const Kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), until: z.number() })

const cookieName = 'oidc_state'
const path = '/api/v1/auth/oidc'
/** How long somebody may take at the provider. */
const keptMs = 10 * 60_000

export interface OidcProvider {
  /** Sends the browser to the provider. */
  leave(request: Request, response: Response): Promise<void>
  /** Who has come back. @throws ProblemError when it is not who left, or the provider has refused. */
  comeBack(request: Request, response: Response): Promise<OidcClaims>
}

export function createOidcProvider(
  oidc: OidcConfig,
  { signingSecret, publicUrl }: Pick<ApiConfig, 'signingSecret' | 'publicUrl'>,
): OidcProvider {
  let discovered: Promise<client.Configuration> | null = null
  // Asked when it is first needed, and again after a failure: a provider that is away stops nobody else's sign-in.
  const discover = () => {
    const options = oidc.issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}
    discovered ??= client
      .discovery(oidc.issuer, oidc.clientId, oidc.clientSecret, undefined, options)
      .catch((error: unknown) => {
        discovered = null
        throw new ProblemError('not-available', `${oidc.name} does not answer.`, retry, { cause: error })
      })
    return discovered
  }
  // Strict cookies do not come along when the provider sends the browser back; this one holds nothing but the way there.
  const cookie = {
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl?.protocol === 'https:',
    path,
  } as const

  return {
    async leave(request, response) {
      const config = await discover()
      const [state, nonce] = [client.randomState(), client.randomNonce()]
      const verifier = client.randomPKCECodeVerifier()
      const kept = JSON.stringify({ state, nonce, verifier, until: Date.now() + keptMs })
      response.cookie(cookieName, sealSecret(signingSecret, 'oidc-state', kept), {
        ...cookie,
        maxAge: keptMs,
      })
      const address = client.buildAuthorizationUrl(config, {
        redirect_uri: new URL(`${path}/callback`, ownAddress(request, publicUrl)).href,
        scope: 'openid email profile',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      response.redirect(address.href)
    },
    async comeBack(request, response) {
      const kept = readKept(request, signingSecret)
      response.clearCookie(cookieName, cookie)
      if (!kept || kept.until < Date.now())
        throw new ProblemError('session-ended', 'This sign-in was not begun here, or took too long.', retry)
      const config = await discover()
      try {
        const address = new URL(request.originalUrl, ownAddress(request, publicUrl))
        const tokens = await client.authorizationCodeGrant(config, address, {
          pkceCodeVerifier: kept.verifier,
          expectedState: kept.state,
          expectedNonce: kept.nonce,
          idTokenExpected: true,
        })
        const claims = OidcClaims.parse(tokens.claims())
        if (claims.email !== undefined) return claims
        const more = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
        return OidcClaims.parse(more)
      } catch (error) {
        throw new ProblemError('wrong-credentials', `${oidc.name} has not confirmed who you are.`, retry, {
          cause: error,
        })
      }
    },
  }
}

const retry = { remedy: 'Sign in again; if it stays, ask an administrator.' }

function readKept(request: Request, signingSecret: Buffer): z.infer<typeof Kept> | null {
  const cookies = z.record(z.string(), z.unknown()).safeParse(request.cookies)
  const sealed = cookies.success ? cookies.data[cookieName] : undefined
  if (typeof sealed !== 'string') return null
  try {
    return Kept.parse(JSON.parse(openSecret(signingSecret, 'oidc-state', sealed)))
  } catch {
    return null
  }
}

/** Where the provider sends the browser back to. Without PUBLIC_URL only this machine's own names are believed. */
function ownAddress(request: Request, publicUrl: URL | null): URL {
  if (publicUrl) return publicUrl
  const host = request.headers.host ?? ''
  const address = `http://${host}`
  if (URL.canParse(address) && isLoopback(new URL(address).hostname)) return new URL(address)
  throw new ProblemError('not-available', 'This studio does not know its own address.', {
    remedy: 'Set PUBLIC_URL where the studio is started.',
  })
}
