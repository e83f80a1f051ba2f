/** Kills one process of the studio after the other, whichever chance names, until it is told to stop. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Studio } from '../studio.ts'
import type { Chance } from './random.ts'

/** Every process that `npm start` supervises. */
export const victims = ['api', 'worker', 'io-worker', 'gpu-worker', 'temporal', 'postgres'] as const

/** @returns how often each was killed. */
export async function killAtRandom(
  studio: Studio,
  chance: Chance,
  stop: AbortSignal,
): Promise<Record<(typeof victims)[number], number>> {
  const kills = { api: 0, worker: 0, 'io-worker': 0, 'gpu-worker': 0, temporal: 0, postgres: 0 }
  while (!stop.aborted) {
    // The supervisor waits longer before each restart of a process that dies young: not all time is spent in ruins.
    await wait(2_000 + chance.below(5_000), undefined, { signal: stop }).catch(() => undefined)
    const name = chance.pick(victims)
    const components = await studio.components().catch(() => [])
    const victim = components.find((component) => component.name === name && component.state === 'running')
    if (stop.aborted || !victim?.pid) continue
    try {
      process.kill(victim.pid, 'SIGKILL')
      kills[name] += 1
    } catch {
      // It has died by itself since the list was written, as others do when PostgreSQL is gone.
    }
  }
  return kills
}
