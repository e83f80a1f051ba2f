/** Opens the document store that DOCUMENTS_URL names, so that no caller knows which kind it is. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { z } from 'zod'
import type { DocumentStore } from './document-store.ts'
import { createPostgresDocuments } from './postgres-store.ts'

export interface OpenedDocuments {
  documents: DocumentStore
  /** Ends what was opened for the documents alone. */
  close(): Promise<void>
}

interface OpenDocumentsOptions {
  /** `postgresql://user:password@host:port/name`, with the studio's tables; undefined keeps documents in `db`. */
  url: string | undefined
  db: Database
  /** Hears of idle connections that broke. */
  onConnectionLost?: (error: Error) => void
}

/** Throws at once for an address of another kind, naming what is understood. */
export function openDocuments({ url, db, onConnectionLost }: OpenDocumentsOptions): OpenedDocuments {
  if (url === undefined) return { documents: createPostgresDocuments(db), close: async () => {} }
  const refusal = refuseDocumentsUrl(url)
  if (refusal !== null) throw new Error(`DOCUMENTS_URL: ${refusal}`)
  const own = createDatabase(url, { connections: 3, ...(onConnectionLost ? { onConnectionLost } : {}) })
  return { documents: createPostgresDocuments(own), close: () => own.$disconnect() }
}

/** DOCUMENTS_URL as every process reads it. */
export const DocumentsUrl = z.string().superRefine((url, context) => {
  const message = refuseDocumentsUrl(url)
  if (message !== null) context.addIssue({ code: 'custom', message })
})

/** What is wrong with the address, without repeating it: it may carry a password. Null when nothing is. */
function refuseDocumentsUrl(url: string): string | null {
  const scheme = URL.canParse(url) ? new URL(url).protocol : null
  if (scheme === 'postgresql:' || scheme === 'postgres:') return null
  const understood = 'Understood is a PostgreSQL database: postgresql://user:password@host:5432/documents'
  if (scheme === 'mongodb:' || scheme === 'mongodb+srv:')
    return `A MongoDB is not understood yet. ${understood}`
  return scheme === null
    ? `This is no address. ${understood}`
    : `An address that begins with ${scheme} is not understood. ${understood}`
}
