/** Brings a studio to what a backup says, in one transaction: a restore that dies in the middle has changed nothing. */
import { createDatabase } from '@defect-studio/prisma'
import {
  applyMigrations,
  booksTable,
  migrationsFolder,
  readMigrations,
  writeMigration,
} from '@defect-studio/prisma/apply-migrations'
import pg from 'pg'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { checkInvariants } from '../ledger/check-invariants.ts'
import { beginAnew, type BegunAnew } from './begin-anew.ts'
import { loadTable, loadTables } from './load-tables.ts'
import { artifactPart, type Manifest } from './manifest.ts'
import type { OpenedBackup } from './open-backup.ts'
import { BackupRefusal } from './refuse-backup.ts'

export interface RestoreOrder {
  backup: OpenedBackup
  databaseUrl: string
  documentsUrl: string | undefined
  artifacts: ArtifactStore
  /** Takes the place of whatever the studio has. */
  replace: boolean
  /** Called right before everything becomes visible; what it throws undoes the restore. */
  beforeCommit?: (client: pg.Client) => Promise<void>
  report?: (line: string) => void
}

export interface Restored extends BegunAnew {
  /** Promises that the ledger breaks, as sentences; none in a studio that is well. */
  broken: string[]
}

/**
 * Bytes come first, since the same bytes have the same name and those that nobody names are swept; then the rows.
 * @throws BackupRefusal, with nothing changed, when the studio is in use or holds something, the backup is damaged, or a
 *   newer studio made it.
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const { backup, report = () => {} } = order
  const here = readMigrations(migrationsFolder())
  refuseNewer(backup.manifest, here)
  report('Looking at every part of the backup')
  await backup.verify()
  const client = new pg.Client({ connectionString: order.databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await refuseBusy(client)
    if (!order.replace) await refuseFull(client)
    report(`Artifacts: ${backup.manifest.artifacts.keys.length}`)
    await putArtifacts(order)
    if (order.documentsUrl !== undefined) await replaceDocuments(order, order.documentsUrl)
    report('Rows')
    await client.query('BEGIN')
    const begun = await replaceRows(client, order, here)
    await order.beforeCommit?.(client)
    await client.query('COMMIT')
    report('Looking through the ledger')
    return { ...begun, broken: await lookThrough(order.databaseUrl) }
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    await client.end()
  }
}

async function replaceRows(
  client: pg.Client,
  { backup, documentsUrl }: RestoreOrder,
  here: ReturnType<typeof readMigrations>,
): Promise<BegunAnew> {
  const then = new Set(backup.manifest.migrations.map(({ name }) => name))
  await client.query('DROP SCHEMA public CASCADE')
  await client.query('CREATE SCHEMA public')
  await client.query(booksTable)
  for (const migration of here) if (then.has(migration.name)) await writeMigration(client, migration)
  const elsewhere = documentsUrl === undefined ? [] : ['Document']
  await loadTables(
    client,
    backup,
    backup.manifest.tables.filter(({ name }) => !elsewhere.includes(name)),
  )
  for (const migration of here) if (!then.has(migration.name)) await writeMigration(client, migration)
  return beginAnew(client)
}

async function replaceDocuments({ backup }: RestoreOrder, url: string): Promise<void> {
  const table = backup.manifest.tables.find(({ name }) => name === 'Document')
  if (!table) return
  await applyMigrations(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query('DELETE FROM "Document"')
    await loadTable(client, backup, table)
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

async function putArtifacts({ backup, artifacts }: RestoreOrder): Promise<void> {
  for (const key of backup.manifest.artifacts.keys) {
    if (await artifacts.has(key)) continue
    const chunks: Buffer[] = []
    for await (const chunk of await backup.read(artifactPart(key))) chunks.push(chunk as Buffer)
    const stored = await artifacts.put(Buffer.concat(chunks), 'application/octet-stream')
    if (stored.key !== key)
      throw new BackupRefusal(`${artifactPart(key)} changed while it was read. The rows were not touched.`)
  }
}

function refuseNewer({ migrations, version }: Manifest, here: ReturnType<typeof readMigrations>): void {
  for (const { name, checksum } of migrations) {
    const known = here.find((migration) => migration.name === name)
    if (!known)
      throw new BackupRefusal(
        `The backup was made by studio ${version}, which is newer than this one: its database has the migration ${name}, which is not known here. Update the studio first.`,
      )
    if (known.checksum !== checksum)
      throw new BackupRefusal(
        `The backup was made by studio ${version} with another migration ${name}: one of the two was edited. Restore it with the studio that made it.`,
      )
  }
}

async function refuseBusy(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  )
  if ((rows[0]?.count ?? 0) > 0)
    throw new BackupRefusal(
      'Somebody is connected to the database: a studio or one of its workers still runs. Stop them, then restore.',
    )
}

async function refuseFull(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public."Member"') IS NOT NULL AS there`,
  )
  if (!rows[0]?.there) return
  const { rows: members } = await client.query('SELECT 1 FROM "Member" LIMIT 1')
  if (members.length > 0)
    throw new BackupRefusal(
      'This studio holds something. Restore into an empty one, or say --replace to have the backup take its place.',
    )
}

async function lookThrough(databaseUrl: string): Promise<string[]> {
  const db = createDatabase(databaseUrl, { connections: 1 })
  try {
    return await checkInvariants(db)
  } finally {
    await db.$disconnect()
  }
}
