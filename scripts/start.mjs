/** `npm start`: prepares, builds and runs the whole studio on this machine until Ctrl-C. Node built-ins only. */
import fs from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { closeDataFolder } from './start/data-folder.mjs'
import { readEnvironment, readOptions, USAGE } from './start/options.mjs'
import { claimRunFolder, stopOrphans } from './start/run-folder.mjs'
import { screen } from './start/screen.mjs'
import { startStudio } from './start/studio.mjs'
import { createSupervisor } from './start/supervisor.mjs'
import { refuseNewerFolder } from './start/version-file.mjs'

const began = Date.now()
const report = (line) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
/** From the screen on, what restarts is worth a line of its own. */
let isUp = false
// A terminal that was closed takes no more lines; stopping in order must go on.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

async function main() {
  const env = readEnvironment(ROOT)
  const options = readOptions(process.argv.slice(2), { root: ROOT, env })
  if (options.help) return console.log(USAGE)
  const { dataDir } = options
  refuseNewerFolder({ root: ROOT, env, dataDir })
  const claim = openDataFolder(dataDir)
  if (claim.taken) {
    const where = claim.taken.url ? `at ${claim.taken.url}` : 'and is still starting'
    throw new Error(
      `A studio runs on ${dataDir} already, ${where} (pid ${claim.taken.pid}). Stop it first, or give --data.`,
    )
  }
  const supervisor = createSupervisor({ ...claim, onEvent: announce })
  const stopped = stopOnSignal()
  // Whatever ends this process, nothing of it stays.
  process.on('exit', () => supervisor.kill())
  try {
    const orphans = await stopOrphans(claim.pidsFile)
    if (orphans.length > 0) report(`Stopped what an earlier studio left running: ${orphans.join(', ')}`)
    const up = await Promise.race([
      bringUp({ env, options, claim, supervisor }),
      stopped.then(() => undefined),
    ])
    if (up) {
      claim.announce(up.url)
      console.log(screen({ ...up, ...options, port: new URL(up.url).port, states: supervisor.states() }))
      isUp = true
      await stopped
    }
    report('Stopping')
  } finally {
    await supervisor.stop()
    claim.release()
  }
  report('Stopped')
  process.exit()
}

async function bringUp({ env, options, claim, supervisor }) {
  await prepare({ report })
  await build({ report })
  return startStudio({ root: ROOT, env, options, claim, supervisor, report })
}

function openDataFolder(dataDir) {
  try {
    closeDataFolder(dataDir)
    fs.accessSync(dataDir, fs.constants.W_OK)
  } catch (error) {
    throw new Error(
      `The data folder ${path.resolve(dataDir)} cannot be written (${error.code}). Choose another with --data.`,
      {
        cause: error,
      },
    )
  }
  return claimRunFolder(dataDir)
}

/** Resolves at the first request to stop; the second one ends everything at once. */
function stopOnSignal() {
  return new Promise((resolve) => {
    let askedAt
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        askedAt ??= Date.now()
        resolve(undefined)
        // npm passes on the Ctrl-C that the terminal has sent us already: only a later one is a second one.
        if (Date.now() - askedAt > 1_000) process.exit(130)
      })
    }
  })
}

function announce({ title }, { state, lastExit }) {
  if (state === 'restarting' || state === 'failed')
    report(`${title} ended (${lastExit}); it is started again`)
  else if (state === 'running' && isUp) report(`${title} runs`)
}
