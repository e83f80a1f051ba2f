/** Brings the database of DATABASE_URL up to date, making it first when the server has none of that name. */
import { applyMigrations } from '../prisma/apply-migrations.ts'
import { createMissingDatabase } from '../prisma/create-missing-database.ts'

const url = process.env['DATABASE_URL']
if (!url) throw new Error('DATABASE_URL is not set: it names the database to bring up to date.')
if (await createMissingDatabase(url)) console.log('database made')
const applied = await applyMigrations(url, { report: (name) => console.log(`migration ${name} applied`) })
if (applied.length === 0) console.log('database is up to date')
