/** Tells who is calling, through passport: login id and password, access token, API key; worker tokens beside it. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { Request, RequestHandler } from 'express'
import passport, { type Strategy } from 'passport'
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt'
import { Strategy as LocalStrategy } from 'passport-local'
import { AccessClaims, accessTokenIssuer } from './access-token.ts'
import { ApiKeyStrategy } from './api-key-strategy.ts'
import type { Caller, WorkerCaller } from './caller.ts'
import { hashPassword, isOutdated, passwordMatches } from './passwords.ts'
import { apiKeyPrefix, bearerToken, hashToken } from './secret-tokens.ts'
import { type Sessions, toCaller } from './sessions.ts'

export interface Authenticator {
  /** The member whose login id and password the body holds; null for any other pair, whatever is wrong with it. */
  byPassword(request: Request): Promise<Caller | null>
  /** The member who has come back from the OpenID Connect provider. @throws ProblemError that says why nobody has. */
  byOidc(request: Request): Promise<Caller | null>
  /** The member whose access token or API key the Authorization header shows. */
  member(request: Request): Promise<Caller | null>
  /** When the API key that the header shows expired; null when that is not what is wrong with it. */
  expiryOf(request: Request): Promise<Date | null>
  worker(request: Request): Promise<WorkerCaller | null>
}

/** @param oidc absent: one signs in here alone. */
export function createAuthenticator(
  db: PrismaClient,
  sessions: Sessions,
  accessKey: Buffer,
  oidc: Strategy | null = null,
): Authenticator {
  const guard = new passport.Passport()
  guard.use(
    new LocalStrategy({ usernameField: 'loginId', session: false }, (loginId, password, done) => {
      findByPassword(db, loginId, password).then((caller) => done(null, caller ?? false), done)
    }),
  )
  guard.use(
    new JwtStrategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKey: accessKey,
        algorithms: ['HS256'],
        issuer: accessTokenIssuer,
      },
      (payload: unknown, done) => {
        const claims = AccessClaims.safeParse(payload)
        if (!claims.success) return done(null, false)
        sessions.caller(claims.data.sid, claims.data.sub).then(
          (caller) => done(null, caller ?? false),
          (error: unknown) => done(error, false),
        )
      },
    ),
  )
  guard.use(new ApiKeyStrategy(db))
  if (oidc) guard.use(oidc)

  const ask = (strategy: string, request: Request) =>
    new Promise<Caller | null>((resolve, reject) => {
      const settle = (error: Error | null, caller?: Caller | false | null) =>
        error ? reject(error) : resolve(caller || null)
      // passport's types say nothing of the middleware that it makes.
      const middleware = guard.authenticate(strategy, { session: false }, settle) as RequestHandler
      if (request.res) void middleware(request, request.res, reject)
    })

  return {
    byPassword: (request) => ask('local', request),
    byOidc: async (request) => (oidc ? ask('oidc', request) : null),
    async member(request) {
      const token = bearerToken(request.headers.authorization)
      if (!token) return null
      return ask(token.startsWith(apiKeyPrefix) ? 'api-key' : 'jwt', request)
    },
    async expiryOf(request) {
      const token = bearerToken(request.headers.authorization)
      if (!token?.startsWith(apiKeyPrefix)) return null
      const key = await db.apiKey.findFirst({ where: { hash: hashToken(token), revokedAt: null } })
      return key?.expiresAt && key.expiresAt <= new Date() ? key.expiresAt : null
    },
    async worker(request) {
      const token = bearerToken(request.headers.authorization)
      if (!token) return null
      const row = await db.workerToken.findFirst({ where: { hash: hashToken(token), revokedAt: null } })
      return row && { workerTokenId: row.id, name: row.name }
    },
  }
}

async function findByPassword(db: PrismaClient, loginId: string, password: string): Promise<Caller | null> {
  const member = await db.member.findFirst({
    where: { loginId, disabledAt: null },
    include: { department: true },
  })
  const matches = await passwordMatches(member?.passwordHash ?? null, password)
  if (!member || !matches) return null
  if (member.passwordHash !== null && isOutdated(member.passwordHash))
    // Only in place of what was just checked: a password that was changed meanwhile stays.
    await db.member.updateMany({
      where: { id: member.id, passwordHash: member.passwordHash },
      data: { passwordHash: await hashPassword(password) },
    })
  return toCaller({ ...member, departmentName: member.department.name }, null)
}
