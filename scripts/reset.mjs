/** `npm run reset`: deletes what a studio has kept, after saying what that is and asking. */
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { clusterFolder } from './embedded-postgres.mjs'
import { lockHolder } from './lock-file.mjs'
import { ROOT } from './prepare.mjs'
import { readEnvironment, readOptions } from './start/options.mjs'
import { stopOrphans } from './start/run-folder.mjs'

try {
  await reset()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

async function reset() {
  const args = process.argv.slice(2)
  const isSure = args.includes('--yes')
  const env = readEnvironment(ROOT)
  const { dataDir } = readOptions(
    args.filter((arg) => arg !== '--yes'),
    { root: ROOT, env },
  )
  if (!fs.existsSync(dataDir)) return console.log(`Nothing is kept in ${dataDir}.`)
  if (!isDataFolder(dataDir)) {
    throw new Error(`${dataDir} does not look like a studio's data folder; it is left alone.`)
  }
  const pid = lockHolder(path.join(dataDir, 'run', 'studio.lock'))
  if (pid)
    throw new Error(`A studio runs on ${dataDir} (pid ${pid}). Stop it first (Ctrl-C in its terminal).`)
  const folders = kept(dataDir)
  console.log(
    `This deletes, for good:\n${folders.map(({ folder, what }) => `  ${folder}  (${what})`).join('\n')}`,
  )
  if (fs.existsSync(path.join(dataDir, 'backups'))) console.log('The backups in it stay.')
  if (env.DATABASE_URL) console.log('The database of DATABASE_URL is not touched.')
  if (!isSure && !(await agreed())) return console.log('Nothing was deleted.')
  await stopOrphans(path.join(dataDir, 'run', 'pids.json'))
  for (const { folder } of folders) fs.rmSync(folder, { recursive: true, force: true })
  console.log('Deleted. The next "npm start" begins anew.')
}

/** What a studio made; anything else in the folder is someone else's. */
function kept(dataDir) {
  const parts = {
    postgres: 'members, graphs, runs, tokens',
    temporal: 'workflows in flight',
    artifacts: 'pictures, masks and models',
    secrets: 'signing secret and passwords',
    logs: 'logs',
    run: 'state of the last start',
    'version.json': 'which studio used it last',
  }
  const below = Object.entries(parts).map(([name, what]) => ({ folder: path.join(dataDir, name), what }))
  const cluster = clusterFolder(path.join(dataDir, 'postgres'))
  const all = cluster === below[0].folder ? below : [...below, { folder: cluster, what: parts.postgres }]
  return all.filter(({ folder }) => fs.existsSync(folder))
}

function isDataFolder(dataDir) {
  return ['postgres', 'secrets', 'run'].some((name) => fs.existsSync(path.join(dataDir, name)))
}

async function agreed() {
  if (!process.stdin.isTTY) throw new Error('Nobody is there to ask. Say --yes to delete without asking.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Type "delete" to go on: ')
  terminal.close()
  return answer.trim() === 'delete'
}
