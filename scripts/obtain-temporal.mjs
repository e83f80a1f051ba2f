/** Gets the Temporal server's program when the machine has none: its release archive, else a build with Go. */
import fs from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { execFileText } from './exec-file.mjs'
import { TEMPORAL_CLI_VERSION, TEMPORAL_SERVER } from './temporal-version.mjs'
import { withLock } from './lock-file.mjs'
import { programOnPath } from './program-on-path.mjs'

const ARCHIVE_URL = 'https://temporal.download/cli/archive'
/** Without internet the name does not resolve or the connection hangs; both must cost seconds, not minutes. */
const HEADERS_TIMEOUT_MS = 8_000
const STALL_TIMEOUT_MS = 60_000

/**
 * Puts the program at `target` and answers `target`. Safe when several processes do it at once: one works, the
 * others wait, and the file appears by a rename.
 */
export async function obtainTemporal({ target, env = process.env, report = () => {} }) {
  const folder = path.dirname(target)
  return withLock(
    `${folder}.lock`,
    async () => {
      if (fs.existsSync(target)) return target
      const half = `${folder}.${process.pid}`
      fs.rmSync(half, { recursive: true, force: true })
      fs.mkdirSync(half, { recursive: true })
      try {
        const program = await firstThatWorks({ half, name: path.basename(target), env, report })
        fs.mkdirSync(folder, { recursive: true })
        fs.renameSync(program, target)
        return target
      } finally {
        fs.rmSync(half, { recursive: true, force: true })
      }
    },
    { onWait: () => report('Temporal server: another process is fetching it, waiting for that') },
  )
}

async function firstThatWorks({ half, name, env, report }) {
  const failures = []
  for (const way of [download, build]) {
    try {
      const program = await way({ half, name, env, report })
      await checkProgram(program)
      return program
    } catch (error) {
      failures.push(`  - ${error.message.split('\n')[0]}`)
      report(`Temporal server: ${error.message.split('\n')[0]}`)
    }
  }
  throw new Error(
    [
      'The Temporal server is missing and could not be fetched:',
      ...failures,
      'Do one of these and start again:',
      `  - install the Temporal CLI (https://docs.temporal.io/cli, ${TEMPORAL_CLI_VERSION} or later) so that "temporal" is on PATH,`,
      '  - set TEMPORAL_BIN to its program file,',
      '  - set TEMPORAL_ADDRESS to a Temporal server that runs elsewhere,',
      '  - install Go (https://go.dev/dl) so that it can be built here (about 3 minutes).',
    ].join('\n'),
  )
}

async function checkProgram(program) {
  fs.chmodSync(program, 0o755)
  const version = await execFileText(program, ['--version'])
  // What Go builds calls itself 0.0.0-DEV; the server inside is what the flags are tuned to.
  if (!version.includes(TEMPORAL_SERVER)) {
    throw new Error(`the program says "${version.trim()}", ${TEMPORAL_SERVER} was expected`)
  }
}

/** Address of the release archive for this machine. */
export function archiveUrl({ base = ARCHIVE_URL, platform = process.platform, arch = process.arch } = {}) {
  const os = platform === 'win32' ? 'windows' : platform
  const cpu = arch === 'x64' ? 'amd64' : arch
  return `${base}/${TEMPORAL_CLI_VERSION}?platform=${os}&arch=${cpu}`
}

async function download({ half, name, env, report }) {
  const url = archiveUrl({ base: env.TEMPORAL_DOWNLOAD_URL || ARCHIVE_URL })
  const host = new URL(url).host
  report(`Temporal server: downloading ${TEMPORAL_CLI_VERSION} from ${host}`)
  const abort = new AbortController()
  let timer = setTimeout(() => abort.abort(new Error('no answer in time')), HEADERS_TIMEOUT_MS)
  const rearm = () => {
    clearTimeout(timer)
    timer = setTimeout(() => abort.abort(new Error('the download stalled')), STALL_TIMEOUT_MS)
  }
  const archive = path.join(half, 'archive')
  try {
    const response = await fetch(url, { signal: abort.signal })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const total = Number(response.headers.get('content-length') ?? 0)
    const counted = countBytes(Readable.fromWeb(response.body), rearm, (bytes) =>
      report(`Temporal server: ${megabytes(bytes)}${total ? ` of ${megabytes(total)}` : ''} MB`),
    )
    await pipeline(counted, fs.createWriteStream(archive))
  } catch (error) {
    const reason = error.cause?.message ?? error.message
    throw new Error(`download from ${host} failed (${reason})`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
  await execFileText('tar', ['-xf', archive, '-C', half])
  const program = path.join(half, name)
  if (!fs.existsSync(program)) throw new Error(`the archive from ${host} holds no "${name}"`)
  return program
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(0)

async function* countBytes(stream, onData, onProgress) {
  let bytes = 0
  let reported = 0
  for await (const chunk of stream) {
    onData()
    bytes += chunk.length
    if (bytes - reported >= 20e6) onProgress((reported = bytes))
    yield chunk
  }
}

async function build({ half, name, env, report }) {
  const go = programOnPath('go', env)
  if (!go) throw new Error('Go is not installed, so it cannot be built here')
  report(`Temporal server: building ${TEMPORAL_CLI_VERSION} with Go, about 3 minutes`)
  const began = Date.now()
  const timer = setInterval(
    () => report(`Temporal server: still building, ${Math.round((Date.now() - began) / 1000)} s`),
    20_000,
  )
  try {
    const module = `github.com/temporalio/cli/cmd/temporal@${TEMPORAL_CLI_VERSION}`
    await execFileText(go, ['install', module], { env: { ...env, GOBIN: half, GOFLAGS: '' }, cwd: half })
  } finally {
    clearInterval(timer)
  }
  return path.join(half, name)
}
