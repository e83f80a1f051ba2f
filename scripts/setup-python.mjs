/** `npm run setup:python`: the one locked Python environment for training, conversion and golden numbers. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from './cache-folder.mjs'
import { execFileText } from './exec-file.mjs'
import { withLock } from './lock-file.mjs'
import { ROOT } from './prepare.mjs'
import { programOnPath } from './program-on-path.mjs'

const LOCK_FILE = path.join(ROOT, 'gpu-workers', 'python', 'requirements.lock')
const PYTHON_REQUIRED = '3.11, 3.12 or 3.13'
// The environment takes 5.6 GB, and as much again may pass through the package manager's cache.
const FREE_BYTES = 12e9

/** Folder of the environment for the lock file as it is: another lock file, another environment. */
export function pythonFolder(cache = cacheFolder()) {
  const hash = createHash('sha256').update(fs.readFileSync(LOCK_FILE)).digest('hex').slice(0, 12)
  return path.join(cache, `python-${hash}`)
}

/** The environment's interpreter, whether it exists or not. */
export function pythonProgram(folder = pythonFolder()) {
  return process.platform === 'win32'
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python')
}

/** Whether the environment was made to its end. */
export function isPythonReady(folder = pythonFolder()) {
  return fs.existsSync(path.join(folder, '.complete')) && fs.existsSync(pythonProgram(folder))
}

/** Makes the environment unless it is there. @returns its interpreter */
export async function setupPython({ env = process.env, report = console.log } = {}) {
  const folder = pythonFolder()
  return makeEnvironment({ folder, lockFile: LOCK_FILE, freeBytes: FREE_BYTES, what: '5 GB', env, report })
}

/**
 * Makes an environment with what a lock file names, with uv or else with pip, unless it is there.
 * @param what says how much comes. @returns its interpreter; throws where there is neither uv nor Python.
 */
export async function makeEnvironment({ folder, lockFile, freeBytes, what, env, report }) {
  await withLock(`${folder}.lock`, async () => {
    if (isPythonReady(folder)) return
    requireRoom(path.dirname(folder), freeBytes)
    fs.rmSync(folder, { recursive: true, force: true })
    const began = Date.now()
    const uv = programOnPath('uv', env)
    if (uv) await withUv(uv)
    else await withPip(await systemPython(env))
    fs.writeFileSync(path.join(folder, '.complete'), '')
    report(`Python: environment made in ${Math.round((Date.now() - began) / 1000)} s`)
  })
  return pythonProgram(folder)

  async function withUv(uv) {
    report(`Python: making the environment with uv, a minute or more (${what})`)
    try {
      await run(uv, ['venv', '--quiet', '--python', '>=3.11,<3.14', folder])
      await run(uv, ['pip', 'install', '--python', pythonProgram(folder), '-r', lockFile])
    } catch (error) {
      throw new Error(
        `${error.message}\nIf a certificate is refused, set SSL_CERT_FILE to your system's certificates, ` +
          'for example /etc/ssl/certs/ca-certificates.crt.',
        { cause: error },
      )
    }
  }

  async function withPip(python) {
    report(`Python: making the environment with pip and ${python}, some minutes (${what})`)
    await run(python, ['-m', 'venv', folder])
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off']
    await run(pythonProgram(folder), [...pip, '-r', lockFile])
  }
}

function requireRoom(folder, freeBytes) {
  const { bavail, bsize } = fs.statfsSync(folder)
  if (bavail * bsize >= freeBytes) return
  throw new Error(
    `${folder} has ${Math.floor((bavail * bsize) / 1e9)} GB free, and the Python environment needs ${freeBytes / 1e9}. ` +
      'Make room, or set XDG_CACHE_HOME to a larger disk.',
  )
}

async function systemPython(env) {
  for (const name of ['python3.11', 'python3.12', 'python3.13', 'python3', 'python']) {
    const program = programOnPath(name, env)
    const version = program && (await execFileText(program, ['--version']).catch(() => ''))
    if (version && /^Python 3\.1[123]\./.test(version)) return program
  }
  throw new Error(
    `No Python ${PYTHON_REQUIRED} and no uv found. Install one of them: https://docs.astral.sh/uv or https://www.python.org/downloads.`,
  )
}

/** Shows what the program says: it takes minutes. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`${path.basename(command)} ended with ${code}.`)),
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(await setupPython())
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
