/** The code by which the first visitor shows that the studio is theirs: without it, whoever comes first would own it. */
import { randomBytes } from 'node:crypto'
import type { ApiEnv } from '../env.ts'

type Reach = Pick<ApiEnv, 'HOST' | 'PUBLIC_URL' | 'SETUP_CODE' | 'OWNER_LOGIN_ID'>

/**
 * The code that the environment gives; else a new one, said to `print`, where others than this machine may reach the
 * page; else null. An owner who comes from the environment needs none.
 */
export function chooseSetupCode(env: Reach, print: (line: string) => void): string | null {
  if (env.SETUP_CODE !== undefined) return env.SETUP_CODE
  const places = env.PUBLIC_URL ? [env.HOST, new URL(env.PUBLIC_URL).hostname] : [env.HOST]
  if (places.every(isLoopback)) return null
  const code = randomBytes(6)
    .toString('hex')
    .toUpperCase()
    .replace(/(....)(?=.)/g, '$1-')
  if (env.OWNER_LOGIN_ID === undefined)
    print(`If this studio has no owner yet, the first visit asks for this code: ${code}\n`)
  return code
}

/** An address, or a name in the Host header, that means this machine whoever says it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^\[?::1\]?$/.test(host) || /^127(\.\d{1,3}){3}$/.test(host)
}
