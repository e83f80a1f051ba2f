/** Calls of many items travel together, and each item hears how its own went. */
import type { CallEnd, ImageRef } from '@defect-studio/nodes'
import { CancelledFailure } from '@temporalio/common'
import { expect, test } from 'vitest'
import { createCallRound } from './call-round.ts'
import { picture } from './studio.fixtures.ts'
import type { CallOrder } from './world.ts'

const drained = () => new Promise<void>((resolve) => setImmediate(resolve))
const image = picture('a')
const ok = (value: unknown = null): CallEnd => ({ ok: true, value })
const failed = (again: boolean): CallEnd => ({
  ok: false,
  failure: { type: again ? 'unavailable' : 'invalid-input', message: 'No.' },
  again,
})

/** @param answer how each activity ends; one that it throws for has failed as a whole. */
function roundOf(answer: (order: CallOrder, nth: number) => CallEnd[], attempts: number | null = null) {
  const orders: CallOrder[] = []
  let isStopped = false
  const round = createCallRound(
    {
      drained,
      async send(order) {
        orders.push(order)
        return { worker: 'w', ends: answer(order, orders.length), ms: 5 }
      },
      now: () => 0,
      isStopped: () => isStopped,
      isStop: (error) => error instanceof CancelledFailure,
      worked: () => {},
    },
    { title: 'Draw', pictures: 2, attempts, server: 's1' },
  )
  const call = (itemIndex: number) =>
    round
      .activitiesFor({ runId: 'r', nodeId: 'n', itemIndex, itemName: `${itemIndex}.png` })
      .upscale({ image, model: 'm', factor: 2 })
      .then(
        (value: { image: ImageRef } | null) => (value === null ? 'ok' : value),
        (error: Error) => `${error.name}: ${error.message}`,
      )
  return { round, orders, call, stop: () => (isStopped = true) }
}
const sizes = (orders: readonly CallOrder[]) => orders.map(({ calls }) => calls.length)

test('calls that wait at the same moment travel together, with what a person reads of them', async () => {
  const { orders, call, round } = roundOf(({ calls }) => calls.map(() => ok()))
  expect(await Promise.all([call(0), call(1), call(2)])).toEqual(['ok', 'ok', 'ok'])
  expect(orders).toMatchObject([
    { lane: 'gpu', pictures: 6, server: 's1', summary: 'Draw: 0.png and 2 more', attempts: null },
  ])
  expect(round.workerOf(2)).toBe('w')
})

test('calls for different queues travel apart', async () => {
  const { orders, round } = roundOf(({ calls }) => calls.map(() => ok()))
  const activities = round.activitiesFor({ runId: 'r', nodeId: 'n', itemIndex: 0, itemName: 'a' })
  await Promise.all([
    activities.upscale({ image, model: 'm', factor: 2 }),
    activities.saveToGallery({ image, name: 'a' }),
  ])
  expect(orders.map(({ lane }) => lane).sort()).toEqual(['gpu', 'io'])
})

test('more calls than one activity may carry are cut', async () => {
  const { orders, call } = roundOf(({ calls }) => calls.map(() => ok()))
  await Promise.all(Array.from({ length: 250 }, (_, index) => call(index)))
  expect(sizes(orders)).toEqual([100, 100, 50])
})

test('what another try may mend is tried alone, what it cannot mend fails at once', async () => {
  const { orders, call } = roundOf(({ calls }) =>
    calls.length === 1 ? [ok()] : [failed(true), failed(false), ok()],
  )
  expect(await Promise.all([call(0), call(1), call(2)])).toEqual(['ok', 'ApplicationFailure: No.', 'ok'])
  expect(sizes(orders)).toEqual([3, 1])
  expect(orders[1]?.calls[0]?.task.itemIndex).toBe(0)
})

test('with a single attempt nothing is tried again', async () => {
  const { orders, call } = roundOf(() => [failed(true), ok()], 1)
  expect(await Promise.all([call(0), call(1)])).toEqual(['ApplicationFailure: No.', 'ok'])
  expect(sizes(orders)).toEqual([2])
})

test('after an activity that failed as a whole every call shows by itself whether it is the one', async () => {
  const { orders, call } = roundOf(({ calls }) => {
    if (calls.length > 1) throw new Error('The worker is gone.')
    return [ok()]
  })
  expect(await Promise.all([call(0), call(1)])).toEqual(['ok', 'ok'])
  expect(sizes(orders)).toEqual([2, 1, 1])
})

test('calls that were not begun before the run was stopped are cancelled, not tried again', async () => {
  const { orders, call, stop } = roundOf(() => {
    stop()
    return [ok(), failed(true)]
  })
  const [done, failure, rest] = await Promise.all([call(0), call(1), call(2)])
  expect([done, failure]).toEqual(['ok', 'ApplicationFailure: No.'])
  expect(rest).toMatch(/^CancelledFailure/)
  expect(sizes(orders)).toEqual([3])
})
