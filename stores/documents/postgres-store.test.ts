/** The JSONB table, held to the contract on a real PostgreSQL. */
import { afterAll, beforeAll } from 'vitest'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { describeDocumentStore } from './document-store.contract.ts'
import { createPostgresDocuments } from './postgres-store.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterAll(() => db.$disconnect())

describeDocumentStore('The PostgreSQL table', () => createPostgresDocuments(db))
