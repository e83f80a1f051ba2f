/** Brings a database up to the migrations in this folder, keeping the same books as `prisma migrate deploy`. */
import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'

export interface MigrationOptions {
  /** Where the migrations are; otherwise MIGRATIONS_DIR, otherwise beside this file or in ../prisma. */
  folder?: string
  /** Hears the name of each migration once it is applied. */
  report?: (name: string) => void
}

/** The lock that Prisma's own engine takes, so that the two never migrate at once. */
const prismaLock = 72_707_369

export const booksTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

export interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Applies what is missing, each migration in a transaction of its own; whoever comes second waits and finds
 * nothing to do. Throws, having changed nothing more, when an applied migration was edited or is unknown here.
 * @returns the names of the migrations that this call applied.
 */
export async function applyMigrations(url: string, options: MigrationOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? migrationsFolder())
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // A session's lock ends with the session, also when this process is killed.
    await client.query('SELECT pg_advisory_lock($1)', [prismaLock])
    await client.query(booksTable)
    const missing = await findMissing(client, migrations)
    for (const migration of missing) {
      await applyOne(client, migration)
      options.report?.(migration.name)
    }
    return missing.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

/** Where the migrations are: MIGRATIONS_DIR, beside this file, or in ../prisma of a bundle. */
export function migrationsFolder(): string {
  const named = process.env['MIGRATIONS_DIR']
  if (named) return path.resolve(named)
  // Bundled into dist/, this file's folder is no longer the room's.
  const places = [
    path.join(import.meta.dirname, 'migrations'),
    path.join(import.meta.dirname, '..', 'prisma', 'migrations'),
  ]
  const found = places.find((place) => fs.existsSync(place))
  if (!found)
    throw new Error(
      `No migrations in ${places.join(' or ')}. Set MIGRATIONS_DIR to the folder prisma/migrations.`,
    )
  return found
}

/** In the order in which they are applied. */
export function readMigrations(folder: string): Migration[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      // A checkout on Windows may have turned line ends; Prisma's checksum is of the file as committed.
      const sql = fs.readFileSync(path.join(folder, name, 'migration.sql'), 'utf8').replaceAll('\r\n', '\n')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

async function findMissing(client: pg.Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    `SELECT migration_name, checksum, finished_at FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at`,
  )
  for (const row of rows) {
    const here = migrations.find(({ name }) => name === row.migration_name)
    if (!here)
      throw new Error(
        `The database has migration ${row.migration_name}, which this version does not know: it was made by a ` +
          'newer studio. Update the studio, or point DATABASE_URL at another database.',
      )
    if (!row.finished_at)
      throw new Error(
        `Migration ${row.migration_name} began and never ended. Look at the database, then settle it with ` +
          '"prisma migrate resolve".',
      )
    if (here.checksum !== row.checksum)
      throw new Error(
        `Migration ${row.migration_name} was edited after it was applied. Restore its migration.sql, and write ` +
          'the change as a new migration.',
      )
  }
  const applied = new Set(rows.map((row) => row.migration_name))
  return migrations.filter(({ name }) => !applied.has(name))
}

/** Applies one in the transaction that is open, and enters it into the books. */
export async function writeMigration(client: pg.Client, migration: Migration): Promise<void> {
  await client.query(migration.sql)
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), migration.checksum, migration.name],
  )
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await writeMigration(client, migration)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw new Error(`Migration ${migration.name} failed and was undone: ${String(error)}`, { cause: error })
  }
}
