/** Which parts of the studio do not work, from what the API and the supervisor say of them. */
import type { Health } from '../api/types.ts'

/** A process is back sooner than a person reads a line: what has just been restarted is named this long. */
const shownMs = 6_000

/** The supervisor's names of what the API calls otherwise. */
const sameAs: Readonly<Record<string, string>> = { postgres: 'database', worker: 'graph-worker' }

/** The supervisor's word for a process at work. */
export const isUp = (state: string): boolean => state === 'up' || state === 'running' || state === 'ok'

/** @returns parts(health): each part that is down, or was restarted a moment ago, once. */
export function createPartsWatch(now: () => number = Date.now): (health: Health) => string[] {
  const known = new Map<string, { restarts: number; at: number }>()
  return ({ components, supervised = [] }) => {
    const down = [...components, ...supervised].filter(({ state }) => !isUp(state)).map(({ name }) => name)
    const restarted = supervised.flatMap(({ name, restarts = 0 }) => {
      const before = known.get(name)
      if (!before || restarts !== before.restarts)
        known.set(name, { restarts, at: before ? now() : -Infinity })
      return now() - (known.get(name)?.at ?? -Infinity) < shownMs ? [name] : []
    })
    const names = [...down, ...restarted].map((name) => name.replaceAll(' ', '-'))
    return [...new Set(names.map((name) => sameAs[name] ?? name))]
  }
}
