/** Finds the program that plays the API against its own description, or installs it from its lock file. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder } from '../cache-folder.mjs'
import { makeEnvironment } from '../setup-python.mjs'

const LOCK_FILE = path.join(import.meta.dirname, 'requirements.lock')
/** It takes 120 MB. */
const FREE_BYTES = 0.5e9

/** @returns the program's file; throws where there is neither uv nor Python, or no package registry. */
export async function obtainSchemathesis({ env = process.env, report = console.log } = {}) {
  const hash = createHash('sha256').update(fs.readFileSync(LOCK_FILE)).digest('hex').slice(0, 12)
  const folder = path.join(cacheFolder({ env }), `schemathesis-${hash}`)
  fs.mkdirSync(path.dirname(folder), { recursive: true })
  const settings = { folder, lockFile: LOCK_FILE, freeBytes: FREE_BYTES, what: '120 MB', env, report }
  const python = await makeEnvironment(settings)
  return path.join(path.dirname(python), process.platform === 'win32' ? 'schemathesis.exe' : 'schemathesis')
}
