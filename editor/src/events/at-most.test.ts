/** A burst of events asks the studio a few times, and once after its last. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { atMost } from './at-most.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('works at once, and once after the last of a burst', () => {
  const work = vi.fn()
  const { call } = atMost(250, work)
  for (let times = 0; times < 49; times++) {
    call()
    vi.advanceTimersByTime(10)
  }
  expect(work).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(1_000)
  expect(work).toHaveBeenCalledTimes(3)
})

it('does nothing more when it was stopped', () => {
  const work = vi.fn()
  const { call, stop } = atMost(250, work)
  call()
  call()
  stop()
  vi.advanceTimersByTime(1_000)
  expect(work).toHaveBeenCalledTimes(1)
})
