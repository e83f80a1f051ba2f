/** Reads the audit log page by page, newest first, by whatever administrators look for. */
import { Prisma, type AuditEntry, type Database } from '@defect-studio/prisma'

export interface AuditFilter {
  /** Login id, or a member's id. */
  actor?: string | undefined
  action?: string | undefined
  objectKind?: string | undefined
  objectId?: string | undefined
  departmentId?: string | undefined
  outcome?: string | undefined
  from?: Date | undefined
  /** Not itself. */
  until?: Date | undefined
  /** In the action, the names, the address or the request id. */
  words?: string | undefined
}

export interface AuditPageOrder extends AuditFilter {
  /** The last entry of the page before. */
  cursor?: string | undefined
  limit: number
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** @returns at most `limit` entries. Rows are compared as (at, id), as the indexes have them: deep pages cost no more. */
export async function listAudit(db: Database, order: AuditPageOrder): Promise<AuditEntry[]> {
  const conditions = conditionsOf(order)
  if (order.cursor)
    conditions.push(
      Prisma.sql`("at", "id") < (SELECT "at", "id" FROM "AuditEntry" WHERE "id" = ${order.cursor}::uuid)`,
    )
  const where = conditions.length > 0 ? Prisma.sql`WHERE ${Prisma.join(conditions, ' AND ')}` : Prisma.empty
  return db.$queryRaw<AuditEntry[]>`
    SELECT "id"::text, "at", "actorId"::text, "actorName", "actorRole", "by", "keyId"::text, "address", "userAgent",
      "requestId", "action", "objectKind", "objectId", "objectName", "departmentId"::text, "outcome", "details"
    FROM "AuditEntry" ${where} ORDER BY "at" DESC, "id" DESC LIMIT ${order.limit}`
}

/** All that match, newest first, a thousand in memory at a time. */
export async function* streamAudit(db: Database, filter: AuditFilter): AsyncGenerator<AuditEntry> {
  const limit = 1_000
  let cursor: string | undefined
  for (;;) {
    const page = await listAudit(db, { ...filter, cursor, limit })
    yield* page
    cursor = page.at(-1)?.id
    if (page.length < limit || !cursor) return
  }
}

function conditionsOf(filter: AuditFilter): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = []
  const { actor, action, objectKind, objectId, departmentId, outcome, from, until, words } = filter
  if (departmentId) conditions.push(Prisma.sql`"departmentId" = ${departmentId}::uuid`)
  if (actor)
    conditions.push(
      uuid.test(actor) ? Prisma.sql`"actorId" = ${actor}::uuid` : Prisma.sql`"actorName" = ${actor}`,
    )
  // A name with a dot at its end means all that begin with it: `members.`.
  if (action)
    conditions.push(
      action.endsWith('.') ? Prisma.sql`starts_with("action", ${action})` : Prisma.sql`"action" = ${action}`,
    )
  if (objectKind) conditions.push(Prisma.sql`"objectKind" = ${objectKind}`)
  if (objectId) conditions.push(Prisma.sql`"objectId" = ${objectId}`)
  if (outcome) conditions.push(Prisma.sql`"outcome" = ${outcome}`)
  if (from) conditions.push(Prisma.sql`"at" >= ${from}`)
  if (until) conditions.push(Prisma.sql`"at" < ${until}`)
  if (words) {
    const like = `%${words.replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(
      Prisma.sql`concat_ws(' ', "action", "actorName", "objectName", "objectId", "address", "requestId") ILIKE ${like}`,
    )
  }
  return conditions
}
