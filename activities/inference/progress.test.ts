/** How often people are told how far a node is: as often as they can see, and always how it ended. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createProgress, type Progress } from './progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp() {
  const told: Progress[] = []
  const onStepFor = createProgress(
    (progress) => told.push(progress),
    () => Date.now(),
  )
  const item = (itemIndex: number, nodeId = 'n') =>
    onStepFor({ runId: 'r', nodeId, itemIndex, itemName: `${itemIndex}.png` })
  return { told, item }
}

test('a preview is told with the next step that people see, though it comes late', () => {
  const { told, item } = setUp()
  const onStep = item(0)
  onStep(1, 4)
  onStep(2, 4)
  onStep(1, 4, 'data:early')
  vi.advanceTimersByTime(100)
  onStep(3, 4)
  onStep(2, 4, 'data:late')
  onStep(4, 4)
  vi.advanceTimersByTime(100)
  expect(told.map(({ step, preview }) => [step, preview])).toEqual([
    [1, undefined],
    [2, 'data:early'],
    [4, 'data:late'],
  ])
})

test('ten times a second for a node, however many items go by; the last of all is told', () => {
  const { told, item } = setUp()
  for (let index = 0; index < 500; index++) {
    const onStep = item(index)
    for (let step = 1; step <= 5; step++) onStep(step, 5)
    vi.advanceTimersByTime(2)
  }
  vi.runAllTimers()
  expect(told.length).toBeLessThanOrEqual(11)
  expect(told.at(-1)).toMatchObject({ itemIndex: 499, step: 5, total: 5 })
})

test('nodes do not wait for each other, and a preview never goes to another item', () => {
  const { told, item } = setUp()
  item(0)(1, 2)
  item(0, 'other')(1, 2)
  expect(told).toHaveLength(2)
  item(0)(2, 2, 'data:of-0')
  item(1)(1, 2)
  vi.runAllTimers()
  expect(told.at(-1)).toEqual({ runId: 'r', nodeId: 'n', itemIndex: 1, step: 1, total: 2 })
})
