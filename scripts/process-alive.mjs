/** Tells whether a process still runs and when it began, so that a reused process id is not taken for the old one. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

/** Whether a process with this id exists; one that belongs to another account counts. A zombie does not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return statFields(pid)?.[0] !== 'Z'
}

/** A text that is the same for the whole life of a process and differs for its successor; undefined when it is gone. */
export function processStart(pid) {
  if (process.platform === 'linux') return statFields(pid)?.[19]
  if (process.platform === 'win32') {
    const query = `(Get-Process -Id ${pid}).StartTime.Ticks`
    return commandOutput('powershell', ['-NoProfile', '-Command', query])
  }
  return commandOutput('ps', ['-o', 'lstart=', '-p', String(pid)])
}

/** Fields of /proc/<pid>/stat from the third on: the program's name before them may hold spaces and brackets. */
function statFields(pid) {
  if (process.platform !== 'linux') return undefined
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function commandOutput(command, args) {
  const { stdout, status } = spawnSync(command, args, { encoding: 'utf8', windowsHide: true })
  return status === 0 && stdout.trim() ? stdout.trim() : undefined
}
