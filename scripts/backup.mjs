/** `npm run studio -- backup FILE` and `restore FILE`: brings up what they need, and has the bundled program do it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { clusterFolder, POSTGRES_DATABASE, postgresUrl, startPostgres } from './embedded-postgres.mjs'
import { freePort } from './free-port.mjs'
import { lockHolder } from './lock-file.mjs'
import { makeCluster } from './start/components.mjs'
import { closeDataFolder } from './start/data-folder.mjs'
import { claimRunFolder, readJson, stopOrphans } from './start/run-folder.mjs'
import { readSecrets } from './start/secrets.mjs'
import { dropStalePidFile } from './start/stale-postgres.mjs'
import { productVersion } from './start/version-file.mjs'

const USAGE = {
  backup: `npm run studio -- backup FILE [--data DIR] [--strict] [--json]
  Writes everything that the studio keeps into FILE, while it runs or stands still.
  --strict   refuses where bytes of artifacts are missing, instead of naming them
  BACKUP_PASSPHRASE in the environment also carries the signing secret, under that passphrase.`,
  restore: `npm run studio -- restore FILE [--data DIR] [--replace] [--without-secret] [--json]
  Brings a studio that stands still to what FILE says, or changes nothing.
  --replace          takes the place of what is kept now
  --without-secret   does without the signing secret of the backup: second factors and secrets are made anew`,
}

/** @param {{ root: string, env: Record<string, string | undefined>, args: string[] }} given `args[0]` is the deed. */
export async function runBackup({ root, env, args }) {
  const { deed, file, dataDir, json, pass } = readArguments({ root, env, args })
  if (deed === 'help') return console.log(pass[0])
  const holder = lockHolder(path.join(dataDir, 'run', 'studio.lock'))
  if (deed === 'restore' && holder)
    throw new Error(`A studio runs on ${dataDir} (pid ${holder}). Stop it first (Ctrl-C in its terminal).`)
  const work = (databaseUrl) =>
    runProgram({
      root,
      env: programEnvironment({ root, env, dataDir, databaseUrl }),
      args: [deed, file, ...pass],
    })
  const outcome = env.DATABASE_URL
    ? await work(env.DATABASE_URL)
    : holder
      ? await work(runningUrl(dataDir))
      : await withDatabase({ dataDir, make: deed === 'restore' }, work)
  // What Temporal knows is of before; runs and schedules are told anew from their rows.
  if (deed === 'restore' && !env.TEMPORAL_ADDRESS)
    fs.rmSync(path.join(dataDir, 'temporal'), { recursive: true, force: true })
  console.log(json ? JSON.stringify(outcome, null, 2) : describe(deed, outcome))
}

function readArguments({ root, env, args }) {
  const [deed, ...rest] = args
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      ...(deed === 'backup'
        ? { strict: { type: 'boolean' } }
        : { replace: { type: 'boolean' }, 'without-secret': { type: 'boolean' } }),
    },
  })
  if (values.help || positionals.length !== 1) {
    if (values.help) return { deed: 'help', pass: [USAGE[deed]] }
    throw new Error(USAGE[deed])
  }
  const from = env.INIT_CWD ?? process.cwd()
  const flags = ['strict', 'replace', 'without-secret'].filter((flag) => values[flag])
  return {
    deed,
    file: path.resolve(from, positionals[0]),
    dataDir: values.data ? path.resolve(from, values.data) : path.resolve(root, env.DATA_DIR ?? '.data'),
    json: values.json,
    pass: flags.map((flag) => `--${flag}`),
  }
}

/** Where everything is, as the API is told it. */
export function programEnvironment({ root, env, dataDir, databaseUrl }) {
  return {
    ...env,
    DATABASE_URL: databaseUrl,
    ARTIFACTS_URL: env.ARTIFACTS_URL ?? pathToFileURL(path.join(dataDir, 'artifacts')).href,
    SIGNING_SECRET_FILE: env.SIGNING_SECRET_FILE ?? path.join(dataDir, 'secrets', 'signing'),
    STUDIO_VERSION: productVersion(root),
  }
}

/** @returns what the program says at its end. */
export async function runProgram({ root, env, args }) {
  const bundle = path.join(root, 'dist', 'backup.js')
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let problem = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => {
    problem = chunk.toString()
    process.stderr.write(chunk)
  })
  const stop = () => child.kill('SIGTERM')
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const [code] = await once(child, 'close')
  process.off('SIGINT', stop).off('SIGTERM', stop)
  if (code !== 0) throw new BackupFailure(problem.trim())
  return JSON.parse(said)
}

/** Its reason has been printed already. */
export class BackupFailure extends Error {}

function runningUrl(dataDir) {
  const port = readJson(path.join(dataDir, 'run', 'ports.json'))?.postgres
  if (!port) throw new Error(`The studio on ${dataDir} is still starting. Try again when it is up.`)
  return postgresUrl({ port, password: readSecrets(dataDir).postgresPassword, database: POSTGRES_DATABASE })
}

/** Runs the embedded PostgreSQL for as long as the work lasts; no studio can start on the folder meanwhile. */
async function withDatabase({ dataDir, make }, work) {
  if (!make && !fs.existsSync(path.join(dataDir, 'secrets', 'postgres-password')))
    throw new Error(`Nothing is kept in ${dataDir}.`)
  closeDataFolder(dataDir)
  const claim = claimRunFolder(dataDir)
  if (claim.taken) throw new Error(`A studio is starting on ${dataDir}. Try again when it is up.`)
  try {
    await stopOrphans(claim.pidsFile)
    const { postgresPassword: password } = readSecrets(dataDir)
    await makeCluster({ dataDir, password })
    const folder = clusterFolder(path.join(dataDir, 'postgres'))
    dropStalePidFile(folder)
    const port = await freePort()
    const server = await startPostgres({ folder, password, port })
    const kill = () => server.kill('SIGINT')
    process.on('exit', kill)
    try {
      await createDatabase({ port, password })
      return await work(postgresUrl({ port, password, database: POSTGRES_DATABASE }))
    } finally {
      process.off('exit', kill)
      const ended = once(server, 'exit')
      server.kill('SIGINT')
      await ended
    }
  } finally {
    claim.release()
  }
}

async function createDatabase({ port, password }) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: postgresUrl({ port, password, database: 'postgres' }) })
  await client.connect()
  try {
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [POSTGRES_DATABASE])
    if (rows.length === 0) await client.query(`CREATE DATABASE ${POSTGRES_DATABASE}`)
  } finally {
    await client.end()
  }
}

function describe(deed, outcome) {
  const missing = outcome.missing.length > 0 ? ` ${outcome.missing.length} artifacts had no bytes.` : ''
  if (deed === 'backup')
    return [
      `Written: ${outcome.file} (${outcome.rows} rows, ${outcome.artifacts} artifacts, ${outcome.bytes} bytes of them).${missing}`,
      outcome.secret
        ? 'The signing secret is in it, under your passphrase.'
        : 'The signing secret is not in it: keep secrets/signing of the data folder beside it, or set BACKUP_PASSPHRASE.',
    ].join('\n')
  const broken = outcome.broken.map((line) => `\nThe ledger does not balance: ${line}`).join('')
  return `Restored the studio of ${outcome.createdAt} (${outcome.version}): ${outcome.artifacts} artifacts.${missing}
Ended as interrupted: ${outcome.interruptedRuns} runs. Held back: ${outcome.heldBack} mails and webhooks. Everybody signs in again.${broken}`
}
