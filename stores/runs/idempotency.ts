/** Remembers for good what was asked under an Idempotency-Key, so that the same request is answered with the same thing. */
import { createHash } from 'node:crypto'
import type { Database, Transaction } from '@defect-studio/prisma'
import { RunRefusal } from './run-refusal.ts'

/** One member's key with the request that it stands for. */
export interface RequestKey {
  memberId: string
  key: string
  /** `hashRequest` of what was asked. */
  requestHash: string
}

export type KeyedKind = 'run' | 'batch'

/**
 * @returns the id of what was made under the key; null when it is new.
 * @throws RunRefusal 'idempotency-clash' when something else was asked under it.
 */
export async function findKeyed(
  db: Database | Transaction,
  { memberId, key, requestHash }: RequestKey,
  kind: KeyedKind,
): Promise<string | null> {
  const row = await db.idempotencyKey.findUnique({ where: { memberId_key: { memberId, key } } })
  if (!row) return null
  if (row.kind !== kind || row.requestHash !== requestHash)
    throw new RunRefusal('idempotency-clash', 'This Idempotency-Key was used for another request.', {
      remedy: 'Send a new key with a new request.',
    })
  return row.subjectId
}

/** Takes the key, in the transaction that makes its subject; waits for whoever takes it in this moment. False: it is taken. */
export async function takeKey(
  tx: Transaction,
  request: RequestKey,
  kind: KeyedKind,
  subjectId: string,
): Promise<boolean> {
  const { count } = await tx.idempotencyKey.createMany({
    data: [{ ...request, kind, subjectId }],
    skipDuplicates: true,
  })
  return count === 1
}

/** What the key made was removed since, by the retention policy. */
export const removedSince = (what: string) =>
  new RunRefusal('removed', `The ${what} that this Idempotency-Key started has been removed since.`, {
    remedy: 'Send a new key to start another one.',
  })

/** SHA-256 of a JSON value, whatever the order of its fields; a field that is undefined counts as not there. */
export function hashRequest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}
