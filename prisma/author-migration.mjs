/**
 * Writes the next migration from the schema, without a database and without downloading an engine:
 * `node prisma/author-migration.mjs <name>` compares the schema as it was after the last migration (kept beside it)
 * with schema.prisma. Read the SQL before you commit it, and add what Prisma cannot say (checks, triggers).
 */
import fs from 'node:fs'
import path from 'node:path'
import { diffSchemas } from './diff-schemas.mjs'

const room = import.meta.dirname
const folder = path.join(room, 'migrations')
const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('Usage: node prisma/author-migration.mjs <name>, in small letters, digits and _.')
  process.exit(2)
}

const current = fs.readFileSync(path.join(room, 'schema.prisma'), 'utf8')
const last = fs
  .readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()
  .at(-1)
const before = last ? fs.readFileSync(path.join(folder, last, 'schema.prisma'), 'utf8') : null
const sql = await diffSchemas(before, current)
if (sql.trim() === '') {
  console.log(`schema.prisma says what migration ${last} says: nothing to do.`)
} else {
  const stamp = new Date().toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  const made = path.join(folder, `${stamp}_${name}`)
  fs.mkdirSync(made)
  fs.writeFileSync(path.join(made, 'migration.sql'), sql)
  fs.writeFileSync(path.join(made, 'schema.prisma'), current)
  console.log(
    `Written: ${path.relative(process.cwd(), made)}/migration.sql. Read it, then run "npm run gen".`,
  )
}
