/** Finds the S3 server that tests read from, or builds it with Go; nothing but tests needs it. */
import fs from 'node:fs'
import path from 'node:path'
import { cacheFolder } from './cache-folder.mjs'
import { execFileText } from './exec-file.mjs'
import { withLock } from './lock-file.mjs'
import { programOnPath } from './program-on-path.mjs'

const VERSITYGW_VERSION = 'v1.8.0'

/** In order: VERSITYGW_BIN, PATH, what was built before. @returns the program's file, or undefined. */
export function findVersitygw({ env = process.env, cache = cacheFolder({ env }) } = {}) {
  const cached = cachedVersitygw(cache)
  return env.VERSITYGW_BIN || programOnPath('versitygw', env) || (fs.existsSync(cached) ? cached : undefined)
}

function cachedVersitygw(cache) {
  const name = process.platform === 'win32' ? 'versitygw.exe' : 'versitygw'
  return path.join(cache, 'versitygw', VERSITYGW_VERSION, name)
}

/** @returns the program's file; throws where there is none and no Go to build it. */
export async function obtainVersitygw({ env = process.env, report = () => {} } = {}) {
  const found = findVersitygw({ env })
  if (found) return found
  const go = programOnPath('go', env)
  if (!go)
    throw new Error(
      'The S3 server for tests is missing. Install Go (https://go.dev/dl), or set VERSITYGW_BIN.',
    )
  const target = cachedVersitygw(cacheFolder({ env }))
  const folder = path.dirname(target)
  return withLock(
    `${folder}.lock`,
    async () => {
      if (fs.existsSync(target)) return target
      report(`S3 server for tests: building versitygw ${VERSITYGW_VERSION} with Go, about a minute`)
      const half = `${folder}.${process.pid}`
      fs.mkdirSync(half, { recursive: true })
      try {
        const module = `github.com/versity/versitygw/cmd/versitygw@${VERSITYGW_VERSION}`
        await execFileText(go, ['install', module], { env: { ...env, GOBIN: half, GOFLAGS: '' }, cwd: half })
        fs.mkdirSync(folder, { recursive: true })
        fs.renameSync(path.join(half, path.basename(target)), target)
        return target
      } finally {
        fs.rmSync(half, { recursive: true, force: true })
      }
    },
    { onWait: () => report('S3 server for tests: another process is building it, waiting for that') },
  )
}
