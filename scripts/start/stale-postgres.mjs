/** Clears what a killed PostgreSQL leaves behind: its pid file names a process id that someone else may have by now. */
import fs from 'node:fs'
import path from 'node:path'
import { isAlive } from '../process-alive.mjs'

/**
 * Removes postmaster.pid when its process is gone or is no PostgreSQL. The server checks only whether the id is in
 * use, and in a container a handful of ids are used over and over.
 */
export function dropStalePidFile(folder) {
  const file = path.join(folder, 'postmaster.pid')
  if (!fs.existsSync(file)) return
  const pid = Number(fs.readFileSync(file, 'utf8').split('\n')[0])
  if (pid > 0 && isAlive(pid) && isPostgres(pid)) return
  fs.rmSync(file, { force: true })
}

function isPostgres(pid) {
  // Elsewhere than on Linux ids are not used again so soon: in doubt it is one, and PostgreSQL itself decides.
  if (process.platform !== 'linux') return true
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
  } catch {
    return false
  }
}
