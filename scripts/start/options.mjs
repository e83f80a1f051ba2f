/** Reads what `npm start -- …` was given; the environment and `.env` say the rest. */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs, parseEnv } from 'node:util'

export const USAGE = `npm start -- [options]
  --data DIR    folder of everything that is kept (default .data, or DATA_DIR)
  --port N      port of the page and the API (default 8080, or PORT); another is taken when it is in use
  --host H      address to listen on (default 127.0.0.1, or HOST); others than loopback ask for a one-time code
  --help        this text`

/** Variables of `.env`, overruled by those of the environment. */
export function readEnvironment(root, env = process.env) {
  const file = path.join(root, '.env')
  const fromFile = fs.existsSync(file) ? parseEnv(fs.readFileSync(file, 'utf8')) : {}
  // A line left empty in .env means "not set", and must not hide a default.
  const set = Object.entries({ ...fromFile, ...env }).filter(
    ([, value]) => value !== undefined && value !== '',
  )
  return Object.fromEntries(set)
}

/** @returns {{ help: boolean, dataDir: string, host: string, port: number }} or an error that names the option. */
export function readOptions(args, { root, env }) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const port = Number(values.port ?? env.PORT ?? 8080)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`--port must be a whole number from 1 to 65535, not "${values.port ?? env.PORT}".`)
  }
  return {
    help: values.help ?? false,
    // npm runs scripts in the package's folder; a relative path is meant from where the person is.
    dataDir: values.data
      ? path.resolve(env.INIT_CWD ?? process.cwd(), values.data)
      : path.resolve(root, env.DATA_DIR ?? '.data'),
    host: values.host ?? env.HOST ?? '127.0.0.1',
    port,
  }
}

/** Whether only this machine can reach the address. */
export function isLoopback(host) {
  return host === 'localhost' || host === '::1' || /^127\./.test(host)
}

/**
 * Whether the first visit has to show a code: others than this machine may reach the page, by the address that it
 * listens on or by a proxy that stands before it.
 */
export function needsSetupCode({ host, publicUrl }) {
  const open = publicUrl !== undefined && !isLoopback(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''))
  return open || !isLoopback(host)
}

/** The address by which this machine reaches a server that listens on `host`. */
export function localUrl(host, port) {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
