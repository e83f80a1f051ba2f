/** Writes down who did what to what, from where. The database refuses to change or delete what is written. */
import type { Database, Prisma, Transaction } from '@defect-studio/prisma'

/** How somebody was known: by a sign-in, an API key, a worker's token, as the studio itself, or not at all. */
export type AuditBy = 'session' | 'key' | 'worker' | 'program' | 'nobody'

/** `failed`: something broke on the way, and a part of it may have been done. */
export type AuditOutcome = 'done' | 'refused' | 'failed'

/** Small facts beside it. Whoever records names each one: whole bodies never go in, so that no secret does. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export interface AuditObject {
  kind: string
  id: string | null
  name?: string | null
  /** Whose administrators may read of it; left out: the actor's. */
  departmentId?: string | null
}

export interface AuditRecord {
  /** Given where it may be written twice: the second time nothing happens. */
  id?: string
  at?: Date
  actor: { id: string | null; name: string; role: string | null; departmentId: string | null } | null
  by: AuditBy
  keyId?: string | null
  address?: string | null
  userAgent?: string | null
  requestId?: string | null
  /** Stable, as `members.disable`: people filter by it. */
  action: string
  object?: AuditObject | null
  outcome?: AuditOutcome
  details?: AuditDetails
}

/** Longer texts are cut: the log says what happened, it does not keep what people wrote. */
const longestText = 200

export async function recordAudit(tx: Database | Transaction, record: AuditRecord): Promise<void> {
  await recordAudits(tx, [record])
}

export async function recordAudits(
  tx: Database | Transaction,
  records: readonly AuditRecord[],
): Promise<void> {
  if (records.length === 0) return
  await tx.auditEntry.createMany({ data: records.map(toRow), skipDuplicates: true })
}

function toRow(record: AuditRecord): Prisma.AuditEntryCreateManyInput {
  const { actor, object } = record
  return {
    ...(record.id ? { id: record.id } : {}),
    at: record.at ?? new Date(),
    actorId: actor?.id ?? null,
    actorName: cut(actor?.name ?? '') ?? '',
    actorRole: actor?.role ?? null,
    by: record.by,
    keyId: record.keyId ?? null,
    address: record.address ?? null,
    userAgent: cut(record.userAgent),
    requestId: record.requestId ?? null,
    action: record.action,
    objectKind: object?.kind ?? null,
    objectId: cut(object?.id),
    objectName: cut(object?.name),
    departmentId: object?.departmentId === undefined ? (actor?.departmentId ?? null) : object.departmentId,
    outcome: record.outcome ?? 'done',
    details: cutDetails(record.details ?? {}),
  }
}

/** PostgreSQL keeps no NUL; half a surrogate pair, which cutting may leave, is no text either. */
const cut = (text: string | null | undefined): string | null =>
  text === null || text === undefined
    ? null
    : text
        .slice(0, longestText)
        .replaceAll('\0', '')
        .replace(/\p{Surrogate}/gu, '')

function cutDetails(details: AuditDetails): Prisma.InputJsonObject {
  const kept: Record<string, Prisma.InputJsonValue | null> = {}
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === 'string') kept[name] = cut(value)
    else if (typeof value === 'object' && value !== null)
      kept[name] = value.slice(0, 100).map((one) => cut(one) ?? '')
    else kept[name] = value
  }
  return kept
}
