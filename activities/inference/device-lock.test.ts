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

test('who gives up its turn is let go at once, and those after it still wait for those before', async () => {
  const { exclusive } = createDeviceLock()
  let finish = () => {}
  const order: string[] = []
  const long = exclusive(() => new Promise<void>((resolve) => (finish = resolve)), never)
  const stop = new AbortController()
  const stopped = exclusive(async () => order.push('stopped'), stop.signal)
  const next = exclusive(async () => order.push('next'), never)
  stop.abort(new Error('not wanted any more'))
  await expect(stopped).rejects.toThrow('not wanted any more')
  expect(order).toEqual([])
  finish()
  await Promise.all([long, next])
  expect(order).toEqual(['next'])
})

test('whoever looks is told when the device is free, and it counts how long it was in use', async () => {
  let time = 0
  const { exclusive, isBusy, whenFree, busyMs } = createDeviceLock(() => time)
  await whenFree(never)
  const told: string[] = []
  const work = exclusive(async () => {
    const free = whenFree(never).then(() => told.push(`free at ${time}`))
    const stop = new AbortController()
    const given = whenFree(stop.signal)
    stop.abort(new Error('no longer'))
    await expect(given).rejects.toThrow('no longer')
    expect(isBusy()).toBe(true)
    time = 30
    expect(busyMs()).toBe(30)
    time = 40
    return () => free
  }, never)
  await (
    await work
  )()
  time = 100
  expect([isBusy(), busyMs(), told]).toEqual([false, 40, ['free at 40']])
})
