/** Writes everything that a studio keeps into one zip, as it was at one moment, while the studio may go on working. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { ZipFile } from 'yazl'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { fingerprintOf, sealForBackup } from './carried-secret.ts'
import { type KeptTable, listKeptTables, quoteName } from './kept-tables.ts'
import { artifactPart, backupFormat, type Manifest, manifestPart, tablePart } from './manifest.ts'
import { BackupRefusal } from './refuse-backup.ts'

export interface BackupOrder {
  databaseUrl: string
  /** Where documents are kept when not in the database. */
  documentsUrl: string | undefined
  /** Null carries none of them. */
  artifacts: ArtifactStore | null
  signingSecret: Buffer
  /** Seals the signing secret into the backup; null leaves it out. */
  passphrase: string | null
  /** Of the product. */
  version: string
  file: string
  /** Refuses to make a backup in which bytes of artifacts are missing. */
  strict: boolean
  report?: (line: string) => void
}

/**
 * The rows are of one moment (REPEATABLE READ); artifacts never change under their name. The file has its name once it
 * is whole and on the disk.
 * @throws BackupRefusal when `strict` and bytes of artifacts are missing or damaged.
 */
export async function writeBackup(order: BackupOrder): Promise<Manifest> {
  const half = `${order.file}.part`
  const database = await snapshot(order.databaseUrl)
  const documents = order.documentsUrl === undefined ? database : await snapshot(order.documentsUrl)
  try {
    const manifest = await writeZip(order, half, database, documents)
    const { missing, damaged } = manifest.artifacts
    if (order.strict && missing.length + damaged.length > 0)
      throw new BackupRefusal(
        `The artifact store lacks ${missing.length} artifacts and has ${damaged.length} damaged ones. No backup was written; without --strict it is, and names them.`,
      )
    const handle = await open(half, 'r+')
    await handle.sync()
    await handle.close()
    await rename(half, order.file)
    return manifest
  } catch (error) {
    await rm(half, { force: true })
    throw error
  } finally {
    await database.end()
    if (documents !== database) await documents.end()
  }
}

async function snapshot(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  // Whoever waits for its next query hears of a connection that breaks.
  client.on('error', () => {})
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  // The first query takes the snapshot.
  await client.query(
    "SET LOCAL statement_timeout = 0; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL TimeZone = 'UTC'; SELECT 1",
  )
  return client
}

async function writeZip(
  order: BackupOrder,
  half: string,
  database: pg.Client,
  documents: pg.Client,
): Promise<Manifest> {
  const { report = () => {} } = order
  const { rows: migrations } = await database.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  )
  const tables = await listKeptTables(database)
  const { rows: named } = await database.query<{ key: string }>('SELECT "key" FROM "Artifact" ORDER BY "key"')
  const manifest: Manifest = {
    product: 'defect-studio',
    format: backupFormat,
    version: order.version,
    createdAt: new Date().toISOString(),
    migrations,
    tables: [],
    artifacts: { carried: order.artifacts !== null, keys: [], bytes: 0, missing: [], damaged: [] },
    secret: {
      protects: await countSealed(database),
      fingerprint: fingerprintOf(order.signingSecret),
      sealed: order.passphrase === null ? null : sealForBackup(order.signingSecret, order.passphrase),
    },
  }
  const zip = new ZipFile()
  const written = pipeline(zip.outputStream, createWriteStream(half, { mode: 0o600 }))
  // Should the disk be full, adding would wait for ever.
  const broken = new Promise<never>((_resolve, reject) => {
    written.catch(reject)
    zip.on('error', reject)
  })
  const add = (name: string, compress: boolean, source: Readable) =>
    Promise.race([
      broken,
      new Promise<void>((resolve, reject) => {
        source.once('end', resolve)
        source.once('error', reject)
        zip.addReadStream(source, name, { compress, mtime: new Date(0), mode: 0o100600 })
      }),
    ])
  report(`Tables: ${tables.length}`)
  for (const table of tables) {
    const from = table.name === 'Document' ? documents : database
    const source = copyOut(from, table)
    const hashed = hashing(source.stream)
    await add(tablePart(table.name), true, hashed.stream)
    const { name, columns } = table
    manifest.tables.push({ name, columns, rows: source.rows(), ...hashed.result() })
  }
  const { artifacts } = order
  if (artifacts) {
    report(`Artifacts: ${named.length}`)
    for (const { key } of named) {
      if (!(await artifacts.has(key))) {
        manifest.artifacts.missing.push(key)
        continue
      }
      const hashed = hashing(await artifacts.open(key))
      await add(artifactPart(key), false, hashed.stream)
      const { sha256, bytes } = hashed.result()
      if (sha256 !== key) manifest.artifacts.damaged.push(key)
      else manifest.artifacts.keys.push(key)
      manifest.artifacts.bytes += bytes
    }
  }
  zip.addBuffer(Buffer.from(JSON.stringify(manifest, null, 1)), manifestPart, { mtime: new Date(0) })
  zip.end()
  await written
  return manifest
}

/** Read through JSON, since an earlier release may lack a column. */
async function countSealed(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM "Member" m WHERE to_jsonb(m) ->> 'totpSecret' IS NOT NULL)::int
       + (SELECT count(*) FROM "WebhookSecret")::int
       + (SELECT count(*) FROM "GraphHook" WHERE "revokedAt" IS NULL)::int AS count`,
  )
  return rows[0]?.count ?? 0
}

/** The same rows give the same bytes, in whatever order they lie. */
function copyOut(client: pg.Client, { name, columns, key }: KeptTable) {
  const list = columns.map(quoteName).join(', ')
  const stream = client.query(
    copyTo(
      `COPY (SELECT ${list} FROM ${quoteName(name)} ORDER BY ${key.map(quoteName).join(', ')}) TO STDOUT`,
    ),
  )
  return { stream, rows: () => stream.rowCount }
}

/** Passes bytes on, and knows their number and SHA-256 when all have passed. */
function hashing(source: Readable) {
  const hash = createHash('sha256')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk)
      bytes += chunk.length
      next(null, chunk)
    },
  })
  source.on('error', (error) => stream.destroy(error))
  source.pipe(stream)
  return { stream, result: () => ({ bytes, sha256: hash.digest('hex') }) }
}
