/** Keeps the data folder from other people of the same machine: pictures, prompts and logs are its owner's. */
import fs from 'node:fs'
import path from 'node:path'

/** Not `postgres`: its server closes it itself, and may belong to another account. */
const FOLDERS = ['artifacts', 'logs', 'run', 'secrets', 'temporal']

/**
 * Makes the data folder and what is in it, readable by its owner alone. A data folder that was there before keeps its
 * own mode, since other things may live in it; and as root it is opened to walk through, for PostgreSQL's account.
 */
export function closeDataFolder(dataDir) {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  for (const name of FOLDERS) {
    const folder = path.join(dataDir, name)
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    fs.chmodSync(folder, 0o700)
  }
}
