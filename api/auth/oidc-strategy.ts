/** Passport strategy for people who come back from the OpenID Connect provider. */
import type { Request } from 'express'
import { Strategy } from 'passport'
import { ProblemError } from '../problem.ts'
import type { Caller } from './caller.ts'
import type { OidcClaims, OidcProvider } from './oidc-provider.ts'

export class OidcStrategy extends Strategy {
  override readonly name = 'oidc'
  // Not `#…`: passport works on an object made from this one, which would not have them.
  private readonly provider: OidcProvider
  private readonly find: (claims: OidcClaims) => Promise<Caller>

  /** @param find the member whom the claims mean; rejects with a ProblemError when there is none and none is made. */
  constructor(provider: OidcProvider, find: (claims: OidcClaims) => Promise<Caller>) {
    super()
    this.provider = provider
    this.find = find
  }

  override authenticate(request: Request): void {
    this.claimsOf(request)
      .then(this.find)
      .then(
        (caller) => this.success(caller),
        (error: unknown) => this.error(error),
      )
  }

  private async claimsOf(request: Request): Promise<OidcClaims> {
    if (request.res) return this.provider.comeBack(request, request.res)
    throw new ProblemError('internal', 'A request without a response.')
  }
}
