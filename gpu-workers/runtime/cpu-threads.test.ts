/** Threads for a model call: one for each core, and no more than the process may use. */
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { cpuThreads } from './cpu-threads.ts'

describe('cpuThreads', () => {
  it('counts cores, not their threads', () => {
    expect(
      cpuThreads(8, (processor) => ['0,4', '1,5', '2,6', '3,7', '0,4', '1,5', '2,6', '3,7'][processor]),
    ).toBe(4)
  })

  it('stays within what the process may use', () => {
    expect(cpuThreads(2, (processor) => (processor < 64 ? String(processor) : undefined))).toBe(2)
  })

  it('counts every processor where the system does not tell', () => {
    expect(cpuThreads(6, () => undefined)).toBe(6)
  })

  it('finds at least one on this machine', () => {
    expect(cpuThreads()).toBeGreaterThanOrEqual(1)
    expect(cpuThreads()).toBeLessThanOrEqual(availableParallelism())
  })
})
