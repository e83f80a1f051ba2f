/** Ten updates a second for a node, on a clock of the test's own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttleProgress, type ProgressEvent } from './throttle-progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const at = (step: number, more: Partial<ProgressEvent> = {}): ProgressEvent => ({
  ...{ type: 'node-run-progress', runId: 'r', nodeId: 'n', itemIndex: 0, step, total: 200 },
  ...more,
})

test('a node that steps 200 times in a second is told of at most 11 times, the last step among them', () => {
  const given: number[] = []
  const throttle = throttleProgress((event) => given.push(event.step))
  for (let step = 1; step <= 200; step++) {
    throttle.take(at(step))
    vi.advanceTimersByTime(5)
  }
  vi.advanceTimersByTime(1_000)
  expect(given.length).toBeLessThanOrEqual(11)
  expect(given[0]).toBe(1)
  expect(given.at(-1)).toBe(200)
  expect(vi.getTimerCount()).toBe(0)
})

test('the newest preview stays with a later step of the same picture, and each node has its own count', () => {
  const given: ProgressEvent[] = []
  const throttle = throttleProgress((event) => given.push(event))
  throttle.take(at(1))
  throttle.take(at(2, { preview: 'old' }))
  throttle.take(at(3, { preview: 'new' }))
  throttle.take(at(4))
  throttle.take(at(1, { nodeId: 'other' }))
  expect(given).toEqual([at(1), at(1, { nodeId: 'other' })])
  vi.advanceTimersByTime(100)
  expect(given.at(-1)).toEqual(at(4, { preview: 'new' }))
  throttle.take(at(5, { preview: 'of item 0' }))
  throttle.take(at(1, { itemIndex: 1 }))
  vi.advanceTimersByTime(100)
  expect(given.at(-1)).toEqual(at(1, { itemIndex: 1 }))
})

test('what waits is given before the node ends, and nothing after it was closed', () => {
  const given: number[] = []
  const throttle = throttleProgress((event) => given.push(event.step))
  throttle.take(at(1))
  throttle.take(at(2))
  throttle.flush(at(0))
  expect(given).toEqual([1, 2])
  throttle.take(at(3))
  throttle.close()
  vi.advanceTimersByTime(1_000)
  expect(given).toEqual([1, 2])
})
