/** The banner names each part that does not work, once, and for a moment what came back by itself. */
import { expect, it } from 'vitest'
import type { Health } from '../api/types.ts'
import { createPartsWatch } from './parts-down.ts'

const health = (
  gpuRestarts: number,
  states: Partial<Record<'database' | 'postgres', string>> = {},
): Health => ({
  status: 'ready',
  components: [{ name: 'database', state: states.database === 'down' ? 'down' : 'up', detail: '' }],
  supervised: [
    { name: 'postgres', state: states.postgres ?? 'running', restarts: 0 },
    { name: 'gpu-worker', state: 'running', restarts: gpuRestarts },
  ],
})

it('names a part once though two report it', () => {
  const partsDown = createPartsWatch()
  expect(partsDown(health(0, { database: 'down', postgres: 'restarting' }))).toEqual(['database'])
  expect(partsDown(health(0))).toEqual([])
})

it('names for a moment what was restarted since the last look, but nothing from before the first look', () => {
  let now = 0
  const partsDown = createPartsWatch(() => now)
  expect(partsDown(health(3))).toEqual([])
  now = 3_000
  expect(partsDown(health(4))).toEqual(['gpu-worker'])
  now = 20_000
  expect(partsDown(health(4))).toEqual([])
})
