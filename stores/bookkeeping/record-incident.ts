/** Writes down what should not have happened and was not acted upon, for whoever looks after the studio. */
import type { Transaction } from '@defect-studio/prisma'
import type { Json } from '../documents/document-store.ts'
import { createPostgresDocuments } from '../documents/postgres-store.ts'

/** Under the same id an incident is one document, however often it is repeated. */
export async function recordIncident(
  tx: Transaction,
  incident: { id: string; what: string; details: Record<string, Json> },
): Promise<void> {
  const { id, what, details } = incident
  await createPostgresDocuments(tx).put('incidents', id, { what, ...details, at: new Date().toISOString() })
}
