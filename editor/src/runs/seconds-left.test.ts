/** What is left is told from the rate of late, never from nothing. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addSample, secondsLeft, secondsLeftOfRun, type Sample } from './seconds-left.ts'

const steady = (perSecond: number, seconds: number): Sample[] => {
  let samples: Sample[] = []
  for (let s = 0; s <= seconds; s++) samples = addSample(samples, { at: s * 1000, done: s * perSecond })
  return samples
}

it('a steady rate is told exactly, whatever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 300 }), (rate, seconds) => {
      const total = rate * seconds * 2
      expect(secondsLeft(steady(rate, seconds), total, seconds * 1000)).toBeCloseTo(seconds, 6)
    }),
  )
})

it('nothing is told before two items, and 0 when all are done', () => {
  expect(secondsLeft([], 10, 0)).toBeNull()
  expect(secondsLeft([{ at: 0, done: 3 }], 10, 5_000)).toBeNull()
  expect(secondsLeft([{ at: 0, done: 10 }], 10, 5_000)).toBe(0)
})

it('a node that stalls takes longer with every second, and an old rate is forgotten', () => {
  const samples = steady(1, 10)
  expect(secondsLeft(samples, 20, 20_000)).toBeCloseTo(20, 6)
  let changed = steady(100, 100)
  for (let s = 101; s <= 200; s++) changed = addSample(changed, { at: s * 1000, done: 10_000 + (s - 100) })
  expect(secondsLeft(changed, 10_160, 200_000)).toBeCloseTo(60, 6)
  expect(changed.length).toBeLessThan(70)
})

it('items that are counted anew, as of a run that was taken up again, begin a new rate', () => {
  expect(addSample(steady(1, 10), { at: 11_000, done: 0 })).toEqual([{ at: 11_000, done: 0 }])
})

it('a run takes as long as its slowest open node', () => {
  const pace = { slow: steady(1, 10), fast: steady(10, 10), ended: steady(1, 10) }
  const node = (nodeId: string, isOpen = true) => ({ nodeId, itemsTotal: 110, isOpen })
  expect(secondsLeftOfRun([node('slow'), node('fast'), node('new')], pace, 10_000)).toBeCloseTo(100, 6)
  expect(secondsLeftOfRun([node('ended', false), node('new')], pace, 10_000)).toBeNull()
})
