/** One at a time, in order, and whoever gives up lets the next one pass. */
import { expect, test } from 'vitest'
import { createDeviceLock } from './device-lock.ts'

const never = new AbortController().signal

test('work never overlaps and keeps its order', async () => {
  const { exclusive } = createDeviceLock()
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`${name} in`)
    await new Promise(setImmediate)
    log.push(`${name} out`)
  }
  await Promise.all(['a', 'b', 'c'].map((name) => exclusive(work(name), never)))
  expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
})

test('work that fails, and work that was given up before its turn, let the next one pass', async () => {
  const { exclusive } = createDeviceLock()
  const stop = new AbortController()
  const failing = exclusive(async () => {
    stop.abort(new Error('not wanted any more'))
    throw new Error('failed')
  }, never)
  let ran = false
  const stopped = exclusive(async () => (ran = true), stop.signal)
  const next = exclusive(async () => 'next', never)
  await expect(failing).rejects.toThrow('failed')
  await expect(stopped).rejects.toThrow('not wanted any more')
  expect([ran, await next]).toEqual([false, 'next'])
})
