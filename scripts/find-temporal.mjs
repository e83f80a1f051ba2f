/** Finds the Temporal server's program on this machine, or gets it: download, then a build with Go. */
import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder } from './cache-folder.mjs'
import { programOnPath } from './program-on-path.mjs'
import { TEMPORAL_CLI_VERSION } from './temporal-version.mjs'

/** File of the cached program. */
export function cachedTemporal(cache = cacheFolder()) {
  const name = process.platform === 'win32' ? 'temporal.exe' : 'temporal'
  return path.join(cache, 'temporal', TEMPORAL_CLI_VERSION, name)
}

/**
 * In order: the address of a server (TEMPORAL_ADDRESS), a program (TEMPORAL_BIN), `temporal` on PATH, the cache.
 * @returns {Promise<{ address?: string, command?: string, source: string }>}
 */
export async function findTemporal({
  env = process.env,
  report = () => {},
  cache = cacheFolder({ env }),
} = {}) {
  if (env.TEMPORAL_ADDRESS) return { address: env.TEMPORAL_ADDRESS, source: 'TEMPORAL_ADDRESS' }
  if (env.TEMPORAL_BIN) {
    if (!fs.existsSync(env.TEMPORAL_BIN))
      throw new Error(`TEMPORAL_BIN names a file that does not exist: ${env.TEMPORAL_BIN}`)
    return { command: env.TEMPORAL_BIN, source: 'TEMPORAL_BIN' }
  }
  const onPath = programOnPath('temporal', env)
  if (onPath) return { command: onPath, source: 'PATH' }
  const cached = cachedTemporal(cache)
  if (fs.existsSync(cached)) return { command: cached, source: 'cache' }
  const { obtainTemporal } = await import('./obtain-temporal.mjs')
  return { command: await obtainTemporal({ target: cached, env, report }), source: 'fetched' }
}
