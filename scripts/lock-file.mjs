/** Lets one process at a time do a thing: a file that holds the process id, ignored when that process is gone. */
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isAlive, processStart } from './process-alive.mjs'

/**
 * Runs `work` while holding the lock; waits as long as another live process holds it.
 * `onWait` is called once when there is a wait.
 */
export async function withLock(file, work, { onWait = () => {}, pollMs = 200 } = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  let told = false
  while (!tryLock(file)) {
    if (!told) onWait(lockHolder(file))
    told = true
    await wait(pollMs)
  }
  try {
    return await work()
  } finally {
    fs.rmSync(file, { force: true })
  }
}

/** Takes the lock now, or answers false when a live process (this one too) holds it. */
export function tryLock(file) {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      fs.writeFileSync(file, `${process.pid} ${processStart(process.pid) ?? ''}`, { flag: 'wx' })
      return true
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (lockHolder(file) || isBeingWritten(file)) return false
    fs.rmSync(file, { force: true })
  }
  return false
}

/** Process id of the live process that holds the lock; undefined when nobody does. */
export function lockHolder(file) {
  const [, pid, start] = /^(\d+) (.*)$/.exec(readText(file)) ?? []
  // Process ids are used again, in containers within seconds: the same id is the same process if it began then.
  const isHeld = pid !== undefined && isAlive(Number(pid)) && (processStart(Number(pid)) ?? '') === start
  return isHeld ? Number(pid) : undefined
}

/** Between the making of the file and its content lies a moment in which it says nothing. */
function isBeingWritten(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return stat !== undefined && stat.size === 0 && Date.now() - stat.mtimeMs < 2_000
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
