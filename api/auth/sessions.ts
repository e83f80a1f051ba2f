/** Sign-ins that last: refresh tokens that change with every use, and end the session when an old one is shown. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { Prisma, type PrismaClient } from '@defect-studio/prisma'
import type { Caller } from './caller.ts'
import type { KeyLimits } from './key-scopes.ts'
import { hashToken } from './secret-tokens.ts'

export const refreshTokenDays = 7
const lifetimeMs = refreshTokenDays * 24 * 60 * 60_000

export interface Sessions {
  open(
    memberId: string,
    from: { userAgent: string; address: string | null },
  ): Promise<{ sessionId: string; refreshToken: string }>
  /** Null when the token is unknown, used before or expired; a token used before ends its session. */
  rotate(refreshToken: string): Promise<{ sessionId: string; memberId: string; refreshToken: string } | null>
  end(sessionId: string): Promise<void>
  /** The session of a genuine token, current or old. */
  sessionOf(refreshToken: string): string | null
  /** The member behind a live session; null when it ended or the member was disabled. */
  caller(sessionId: string, memberId: string): Promise<Caller | null>
}

export function createSessions(db: PrismaClient, key: Buffer): Sessions {
  const seal = (text: string) => createHmac('sha256', key).update(text).digest('base64url')
  // The seal tells a token that we once gave (and that was stolen, or used twice) from one somebody made up.
  const createToken = (sessionId: string) => {
    const text = `${sessionId}.${randomBytes(32).toString('base64url')}`
    return `${text}.${seal(text)}`
  }
  const sessionOf = (token: string): string | null => {
    const [sessionId, random, seen, ...rest] = token.split('.')
    if (!sessionId || !random || !seen || rest.length > 0) return null
    const right = Buffer.from(seal(`${sessionId}.${random}`))
    const shown = Buffer.from(seen)
    return right.length === shown.length && timingSafeEqual(right, shown) ? sessionId : null
  }
  const end = async (sessionId: string) => {
    await db.session.updateMany({
      where: { id: sessionId, revokedAt: null },
      data: { revokedAt: new Date() },
    })
  }

  return {
    sessionOf,
    end,
    async open(memberId, { userAgent, address }) {
      const sessionId = crypto.randomUUID()
      const refreshToken = createToken(sessionId)
      await db.session.create({
        data: {
          id: sessionId,
          memberId,
          refreshHash: hashToken(refreshToken),
          userAgent: userAgent.slice(0, 200),
          address,
          expiresAt: new Date(Date.now() + lifetimeMs),
        },
      })
      return { sessionId, refreshToken }
    },
    async rotate(old) {
      const sessionId = sessionOf(old)
      if (!sessionId) return null
      const refreshToken = createToken(sessionId)
      const now = new Date()
      const [session] = await db.session.updateManyAndReturn({
        where: {
          id: sessionId,
          refreshHash: hashToken(old),
          revokedAt: null,
          expiresAt: { gt: now },
          member: { disabledAt: null },
        },
        data: {
          refreshHash: hashToken(refreshToken),
          previousHash: hashToken(old),
          lastUsedAt: now,
          expiresAt: new Date(now.getTime() + lifetimeMs),
        },
      })
      if (session) return { sessionId, memberId: session.memberId, refreshToken }
      await end(sessionId)
      return null
    },
    async caller(sessionId, memberId) {
      const [member] = await db.$queryRaw<MemberRow[]>`
        SELECT ${memberColumns} FROM "Session"
        JOIN "Member" ON "Member"."id" = "Session"."memberId"
        JOIN "Department" ON "Department"."id" = "Member"."departmentId"
        WHERE "Session"."id" = ${sessionId}::uuid AND "Member"."id" = ${memberId}::uuid AND "disabledAt" IS NULL
          AND "Session"."revokedAt" IS NULL AND "Session"."expiresAt" > now()`
      return member ? toCaller(member, sessionId) : null
    },
  }
}

/** What a caller is made of, of `Member` and `Department`: asked with every request, so in one question. */
export const memberColumns = Prisma.sql`"Member"."id"::text, "loginId", "email", "Member"."name", "nickname",
  "role"::text, "Member"."departmentId"::text, "Department"."name" AS "departmentName"`

export interface MemberRow extends Omit<Caller, 'memberId' | 'sessionId' | 'key' | 'graphIds'> {
  id: string
}

export function toCaller(
  { id, ...member }: MemberRow,
  sessionId: string | null,
  key: KeyLimits | null = null,
): Caller {
  const { loginId, email, name, nickname, role, departmentId, departmentName } = member
  return {
    memberId: id,
    loginId,
    email,
    name,
    nickname,
    role,
    departmentId,
    departmentName,
    sessionId,
    key,
    graphIds: key && key.graphIds.length > 0 ? key.graphIds : undefined,
  }
}
