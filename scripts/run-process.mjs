/** Runs one process of the studio alone: `npm run api`, `worker`, `gpu-worker` or `studio`, with the environment as it is. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { BackupFailure, runBackup } from './backup.mjs'
import { build } from './build.mjs'
import { PARTS_OF_PROCESS } from './build-parts.mjs'
import { modelTools } from './model-tools.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { readEnvironment } from './start/options.mjs'
import { readJson } from './start/run-folder.mjs'
import { STEADY_MEMORY } from './steady-memory.mjs'

const [name, ...args] = process.argv.slice(2)

try {
  if (!Object.hasOwn(PARTS_OF_PROCESS, name ?? '')) {
    throw new Error(`Name one of ${Object.keys(PARTS_OF_PROCESS).join(', ')}, not "${name ?? ''}".`)
  }
  // Standard output belongs to the process: `npm run studio -- … --json` is read by programs.
  const report = (line) => console.error(line)
  await prepare({ report })
  // Whole studios are carried by a program of their own, which talks to the database and not to the API.
  const isBackup = name === 'cli' && ['backup', 'restore'].includes(args[0])
  await build({ parts: PARTS_OF_PROCESS[isBackup ? 'backup' : name], report })
  if (isBackup) await runBackup({ root: ROOT, env: readEnvironment(ROOT), args })
  else run(path.join(ROOT, 'dist', `${name}.js`))
} catch (error) {
  if (!(error instanceof BackupFailure)) console.error(error.message)
  process.exitCode = 1
}

function run(bundle) {
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, ...args], {
    // Paths that a person types are meant from their own folder; npm moves to the package's and says whence.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: defaults(readEnvironment(ROOT)),
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}

/** Outside of `npm start` nobody names the data folder or the built page: they are those of this clone. */
function defaults(env) {
  const dataDir = path.resolve(ROOT, env.DATA_DIR ?? '.data')
  const local = readJson(path.join(dataDir, 'run', 'studio.json'))?.url
  return {
    ...(name === 'gpu-worker' ? STEADY_MEMORY : {}),
    ...env,
    // Where the command line looks when nobody signed in anywhere: a studio on another port is found, too.
    ...(local ? { STUDIO_LOCAL_URL: local } : {}),
    DATA_DIR: dataDir,
    STUDIO_EXAMPLES: path.join(ROOT, 'examples'),
    EDITOR_DIR: env.EDITOR_DIR ?? path.join(ROOT, 'dist', 'editor'),
    ...modelTools(env),
  }
}
