/**
 * `dist/backup.js`: writes or takes in a backup of the studio that the environment names; `scripts/backup.mjs` starts it
 * once the database is up. Lines for people go to standard error, the outcome as JSON to standard output.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openArtifactStore } from '../artifacts/open-store.ts'
import { needsUpgrade } from './needs-upgrade.ts'
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

/** Rows and documents alone, and only where the database has to be brought up to date. */
async function writeBeforeUpgrade(env: Env, file: string) {
  return (await needsUpgrade(env.DATABASE_URL)) ? write(env, file, false, false) : { file: null }
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
