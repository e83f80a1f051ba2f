/** What a running studio writes about itself, so that a second one notices it and leftovers of a killed one are found. */
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { lockHolder, tryLock } from '../lock-file.mjs'
import { isAlive, processStart } from '../process-alive.mjs'

/** Opens DATA_DIR/run for this process, or answers the address of the studio that already uses the data folder. */
export function claimRunFolder(dataDir) {
  const folder = path.join(dataDir, 'run')
  fs.mkdirSync(folder, { recursive: true })
  const lock = path.join(folder, 'studio.lock')
  const studioFile = path.join(folder, 'studio.json')
  if (!tryLock(lock)) {
    return { taken: { pid: lockHolder(lock), url: readJson(studioFile)?.url } }
  }
  return {
    componentsFile: path.join(folder, 'components.json'),
    pidsFile: path.join(folder, 'pids.json'),
    portsFile: path.join(folder, 'ports.json'),
    announce: (url) => writeJson(studioFile, { url, pid: process.pid }),
    release() {
      fs.rmSync(studioFile, { force: true })
      fs.rmSync(lock, { force: true })
    },
  }
}

/** Remembers a child by id and begin, because ids are used again. */
export function processRecord(name, pid) {
  return { name, pid, start: processStart(pid) }
}

/** Stops children of a supervisor that was killed, last started first. Answers their names. */
export async function stopOrphans(pidsFile) {
  const orphans = (readJson(pidsFile) ?? []).filter(isSameProcess).reverse()
  for (const orphan of orphans) await stopProcess(orphan)
  return orphans.map(({ name }) => name)
}

function isSameProcess({ pid, start }) {
  return isAlive(pid) && processStart(pid) === start
}

async function stopProcess(orphan) {
  // PostgreSQL waits for its clients on SIGTERM and disconnects them on SIGINT; the others take both.
  process.kill(orphan.pid, orphan.name === 'postgres' ? 'SIGINT' : 'SIGTERM')
  for (let elapsed = 0; elapsed < 10_000 && isSameProcess(orphan); elapsed += 100) await wait(100)
  if (isSameProcess(orphan)) process.kill(orphan.pid, 'SIGKILL')
}

/** Content of a JSON file; undefined when it is missing or half written by a process that was killed. */
export function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Replaces a JSON file at once, so that a reader never sees half of it. */
export function writeJson(file, value) {
  fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(value, null, 2))
  fs.renameSync(`${file}.${process.pid}`, file)
}
