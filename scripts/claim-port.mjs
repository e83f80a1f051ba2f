/** Promises a port to one studio of this person, from its choice until the process that was to listen there does. */
import fs from 'node:fs'
import path from 'node:path'
import { freePort, isPortFree } from './free-port.mjs'
import { tryLock } from './lock-file.mjs'

/**
 * The first of `preferred` that is free and promised to nobody, else any. A promise ends with this process.
 * @param {number[]} preferred
 * @returns {Promise<number>}
 * @param {{ folder: string, host?: string }} options `folder` holds one lock file for each promised port.
 */
export async function claimPort(preferred, { folder, host = '127.0.0.1' }) {
  fs.mkdirSync(folder, { recursive: true })
  for (const port of preferred) if ((await isPortFree(port, host)) && promise(port, folder)) return port
  for (;;) {
    const port = await freePort([], { host })
    if (promise(port, folder)) return port
  }
}

function promise(port, folder) {
  const file = path.join(folder, `${port}.lock`)
  if (!tryLock(file)) return false
  process.once('exit', () => fs.rmSync(file, { force: true }))
  return true
}
