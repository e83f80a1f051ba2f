/** Keeps documents in a JSONB table of the database that is there anyway. */
import type { Database, Prisma, Transaction } from '@defect-studio/prisma'
import type { DocumentStore, Json } from './document-store.ts'

/** @param db the database, or a transaction in which the documents shall be written. */
export function createPostgresDocuments(db: Database | Transaction): DocumentStore {
  return {
    async put(collection, id, body) {
      const value = toColumn(body)
      await db.document.upsert({
        where: { collection_id: { collection, id } },
        create: { collection, id, body: value },
        update: { body: value },
      })
    },

    async get(collection, id) {
      const row = await db.document.findUnique({ where: { collection_id: { collection, id } } })
      return row ? fromColumn(row.body) : null
    },

    async delete(collection, id) {
      await db.document.deleteMany({ where: { collection, id } })
    },

    async list(collection, prefix, limit) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new RangeError(`A list has 1 to 1000 documents, not ${limit}.`)
      // By bytes, as every document store sorts, whatever the database's language.
      const rows = await db.$queryRaw<{ id: string; body: Prisma.JsonValue }[]>`
        SELECT "id", "body" FROM "Document"
        WHERE "collection" = ${collection} AND starts_with("id", ${prefix})
        ORDER BY "id" COLLATE "C" LIMIT ${limit}`
      return rows.map(({ id, body }) => ({ id, body: fromColumn(body) }))
    },
  }
}

/** A document is kept inside an object: PostgreSQL's null and JSON's null are two things, and Prisma sees one. */
function toColumn(document: Json): Prisma.InputJsonObject {
  return { document }
}

function fromColumn(column: Prisma.JsonValue): Json {
  return (column as { document: Json }).document
}
