/** `dist/migrate.js`: makes the databases of DATABASE_URL and DOCUMENTS_URL if missing, and applies the migrations. */
import { applyMigrations } from './apply-migrations.ts'
import { createMissingDatabase } from './create-missing-database.ts'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is not set: postgresql://user:password@host:port/name')
  process.exit(2)
}

/** Documents may live in a database of their own; it has the same tables, and only that of the documents is used. */
const documentsUrl = process.env['DOCUMENTS_URL'] ?? ''
const urls = new Set(documentsUrl === '' ? [url] : [url, documentsUrl])

if (documentsUrl !== '' && !/^postgres(ql)?:\/\//i.test(documentsUrl)) {
  console.error('DOCUMENTS_URL has to be a PostgreSQL database: postgresql://user:password@host:port/name')
  process.exit(2)
}

try {
  for (const each of urls) {
    const name = new URL(each).pathname.slice(1)
    if (await createMissingDatabase(each)) console.log(`Made the database ${name}.`)
    const applied = await applyMigrations(each, { report: (step) => console.log(`Applied ${step}.`) })
    if (applied.length === 0) console.log(`The database ${name} is up to date.`)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
