/**
 * `dist/backup.js`: writes or takes in a backup of the studio that the environment names; `scripts/backup.mjs` starts it
 * once the database is up. Lines for people go to standard error, the outcome as JSON to standard output.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { migrationsFolder, readMigrations } from '@defect-studio/prisma/apply-migrations'
import pg from 'pg'
import { z } from 'zod'
import { openArtifactStore } from '../artifacts/open-store.ts'
import { openBackup } from './open-backup.ts'
import { BackupRefusal } from './refuse-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { chooseSecret, forgetSealed, readSecretFile, writeSecretFile } from './signing-secret.ts'
import { writeBackup } from './write-backup.ts'

const Environment = z.object({
  DATABASE_URL: z.string().min(1),
  DOCUMENTS_URL: z.string().optional(),
  ARTIFACTS_URL: z.string().min(1),
  SIGNING_SECRET_FILE: z.string().min(1),
  BACKUP_PASSPHRASE: z.string().min(8, 'A passphrase has at least 8 characters.').optional(),
  STUDIO_VERSION: z.string().min(1),
})

const report = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(given)
  if (!parsed.success) throw new BackupRefusal(z.prettifyError(parsed.error))
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      strict: { type: 'boolean', default: false },
      replace: { type: 'boolean', default: false },
      'without-secret': { type: 'boolean', default: false },
    },
  })
  const [deed, file = ''] = positionals
  const outcome =
    deed === 'restore'
      ? await takeIn(parsed.data, file, { replace: values.replace, without: values['without-secret'] })
      : deed === 'before-upgrade'
        ? await writeBeforeUpgrade(parsed.data, file)
        : await write(parsed.data, file, values.strict)
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
}

type Env = z.output<typeof Environment>

async function write(env: Env, file: string, strict: boolean, withArtifacts = true) {
  if (existsSync(file)) throw new BackupRefusal(`${file} is there already. Name another file.`)
  const { version, tables, artifacts } = await writeBackup({
    databaseUrl: env.DATABASE_URL,
    documentsUrl: env.DOCUMENTS_URL,
    artifacts: withArtifacts ? openArtifactStore(env.ARTIFACTS_URL) : null,
    signingSecret: await readSecretFile(env.SIGNING_SECRET_FILE),
    passphrase: env.BACKUP_PASSPHRASE ?? null,
    version: env.STUDIO_VERSION,
    file,
    strict,
    report,
  })
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const { keys, bytes, missing, damaged } = artifacts
  return {
    file,
    version,
    rows,
    artifacts: keys.length,
    bytes,
    missing,
    damaged,
    secret: env.BACKUP_PASSPHRASE !== undefined,
  }
}

/** Nothing is written where nothing is kept yet, or where the database is up to date. */
async function writeBeforeUpgrade(env: Env, file: string) {
  const client = new pg.Client({ connectionString: env.DATABASE_URL })
  try {
    await client.connect()
  } catch (error) {
    // The database is made by whoever brings it up to date.
    if (error instanceof Error && 'code' in error && error.code === '3D000') return { file: null }
    throw error
  }
  let applied: string[] = []
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
    )
    if (rows[0]?.there) {
      const names = await client.query<{ name: string }>(
        'SELECT migration_name AS name FROM _prisma_migrations WHERE rolled_back_at IS NULL',
      )
      applied = names.rows.map(({ name }) => name)
    }
  } finally {
    await client.end()
  }
  const here = readMigrations(migrationsFolder()).map(({ name }) => name)
  const unknown = applied.find((name) => !here.includes(name))
  if (unknown !== undefined)
    throw new BackupRefusal(
      `The database was brought up to date by a newer studio (it has the migration ${unknown}). Update this studio, or restore the backup that was made before that.`,
    )
  if (applied.length === 0 || applied.length === here.length) return { file: null }
  return write(env, file, false, false)
}

async function takeIn(env: Env, file: string, { replace, without }: { replace: boolean; without: boolean }) {
  const backup = await openBackup(file)
  try {
    const passphrase = env.BACKUP_PASSPHRASE ?? null
    const { secret, isLost } = await chooseSecret(backup.manifest, env.SIGNING_SECRET_FILE, {
      passphrase,
      without,
    })
    const restored = await restoreBackup({
      backup,
      databaseUrl: env.DATABASE_URL,
      documentsUrl: env.DOCUMENTS_URL,
      artifacts: openArtifactStore(env.ARTIFACTS_URL),
      replace,
      async beforeCommit(client) {
        if (isLost) await forgetSealed(client)
        if (secret) await writeSecretFile(env.SIGNING_SECRET_FILE, secret)
      },
      report,
    })
    const { version, createdAt, artifacts } = backup.manifest
    return { version, createdAt, artifacts: artifacts.keys.length, missing: artifacts.missing, ...restored }
  } finally {
    backup.close()
  }
}

main().catch((error: unknown) => {
  const isRefusal = error instanceof BackupRefusal
  report(
    isRefusal
      ? error.message
      : `Something went wrong that should not: ${String(error instanceof Error ? error.stack : error)}`,
  )
  process.exit(1)
})
