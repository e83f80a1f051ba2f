/** Passport strategy for `Authorization: Bearer dsk_…`: how the command line and scripts sign in. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { Request } from 'express'
import { Strategy } from 'passport'
import type { Caller } from './caller.ts'
import { bearerToken, hashToken } from './secret-tokens.ts'
import type { KeyLimits } from './key-scopes.ts'
import { memberColumns, type MemberRow, toCaller } from './sessions.ts'

/** Once a minute is exact enough for "last used", and spares a write for every request. */
const lastUsedMs = 60_000

interface KeyRow extends MemberRow, Omit<KeyLimits, 'id'> {
  keyId: string
  lastUsedAt: Date | null
}

export class ApiKeyStrategy extends Strategy {
  override readonly name = 'api-key'
  // Not `#db`: passport works on an object made from this one, which would not have it.
  private readonly db: PrismaClient

  constructor(db: PrismaClient) {
    super()
    this.db = db
  }

  override authenticate(request: Request): void {
    const token = bearerToken(request.headers.authorization)
    if (!token) return this.fail(401)
    this.find(token).then(
      (caller) => (caller ? this.success(caller) : this.fail(401)),
      (error: unknown) => this.error(error),
    )
  }

  private async find(token: string): Promise<Caller | null> {
    const [key] = await this.db.$queryRaw<KeyRow[]>`
      SELECT ${memberColumns}, "ApiKey"."id"::text AS "keyId", "scopes", "graphIds"::text[], "expiresAt", "lastUsedAt"
      FROM "ApiKey"
      JOIN "Member" ON "Member"."id" = "ApiKey"."memberId"
      JOIN "Department" ON "Department"."id" = "Member"."departmentId"
      WHERE "hash" = ${hashToken(token)} AND "ApiKey"."revokedAt" IS NULL AND "disabledAt" IS NULL
        AND ("expiresAt" IS NULL OR "expiresAt" > now())`
    if (!key) return null
    if (!key.lastUsedAt || Date.now() - key.lastUsedAt.getTime() > lastUsedMs)
      await this.db.apiKey.update({ where: { id: key.keyId }, data: { lastUsedAt: new Date() } })
    const { keyId, scopes, graphIds, expiresAt } = key
    return toCaller(key, null, { id: keyId, scopes, graphIds, expiresAt })
  }
}
