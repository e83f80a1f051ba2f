/** `dist/migrate.js`: makes the database of DATABASE_URL if it is missing, and applies the migrations. */
import { applyMigrations } from './apply-migrations.ts'
import { createMissingDatabase } from './create-missing-database.ts'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is not set: postgresql://user:password@host:port/name')
  process.exit(2)
}

try {
  if (await createMissingDatabase(url)) console.log(`Made the database ${new URL(url).pathname.slice(1)}.`)
  const applied = await applyMigrations(url, { report: (name) => console.log(`Applied ${name}.`) })
  if (applied.length === 0) console.log('The database is up to date.')
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
