/** Whether a database holds something and has to be brought up to date: then it is backed up before. */
import { migrationsFolder, readMigrations } from '@defect-studio/prisma/apply-migrations'
import pg from 'pg'
import { BackupRefusal } from './refuse-backup.ts'

/** @throws BackupRefusal when a newer studio has brought it up to date. */
export async function needsUpgrade(databaseUrl: string, folder = migrationsFolder()): Promise<boolean> {
  const applied = await appliedMigrations(databaseUrl)
  const here = readMigrations(folder).map(({ name }) => name)
  const unknown = applied.find((name) => !here.includes(name))
  if (unknown !== undefined)
    throw new BackupRefusal(
      `The database was brought up to date by a newer studio (it has the migration ${unknown}). Update this studio, or restore the backup that was made before that.`,
    )
  return applied.length > 0 && applied.length < here.length
}

/** None where the database is not made yet. */
async function appliedMigrations(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  try {
    await client.connect()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '3D000') return []
    throw error
  }
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
    )
    if (!rows[0]?.there) return []
    const books = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    )
    return books.rows.map(({ name }) => name)
  } finally {
    await client.end()
  }
}
