/** Writes a backup into DATA_DIR/backups before the database is brought up to date, and keeps the last three. */
import fs from 'node:fs'
import path from 'node:path'
import { programEnvironment, runProgram } from '../backup.mjs'
import { mayNeedUpgrade, productVersion } from './version-file.mjs'

const KEPT = 3

/**
 * Rows and documents alone: no migration touches artifacts, which stay where they are.
 * @returns the file; null when nothing had to be brought up to date.
 */
export async function backUpBeforeUpgrade({ root, env, dataDir, databaseUrl, report }) {
  if (!mayNeedUpgrade({ root, env, dataDir })) return null
  const folder = path.join(dataDir, 'backups')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stamp = new Date().toISOString().replaceAll(/[-:]/g, '').slice(0, 15)
  const wanted = path.join(folder, `${stamp}-before-${productVersion(root)}.backup`)
  const { file } = await runProgram({
    root,
    env: programEnvironment({ root, env, dataDir, databaseUrl }),
    args: ['before-upgrade', wanted],
  })
  if (file === null) return null
  report(`Database: backed up to ${file} before it is brought up to date`)
  const all = fs
    .readdirSync(folder)
    .filter((name) => /-before-.*\.backup$/.test(name))
    .sort()
  for (const old of all.slice(0, -KEPT)) fs.rmSync(path.join(folder, old), { force: true })
  return file
}
