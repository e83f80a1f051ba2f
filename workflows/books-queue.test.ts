/** One call to the books at a time: what is asked meanwhile rides together, in order, and a failure reaches everybody. */
import type { BookAnswer, BookEntry } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import { createBooksQueue, mostItems } from './books-queue.ts'

const item = (index: number) => ({ index, name: `${index}`, recipe: null })
const drained = () => new Promise<void>((resolve) => setImmediate(resolve))

function queueOver(answer: (entries: BookEntry[]) => Promise<BookAnswer[]> = answerAll) {
  const calls: BookEntry[][] = []
  const broken: unknown[] = []
  let now = 0
  let most = 0
  const queue = createBooksQueue({
    async write(entries) {
      calls.push(entries)
      most = Math.max(most, ++now)
      await drained()
      now -= 1
      return answer(entries)
    },
    drained,
    onBroken: (error) => broken.push(error),
  })
  return { queue, calls, broken, most: () => most }
}

const answerAll = async (entries: BookEntry[]): Promise<BookAnswer[]> =>
  entries.map((entry) =>
    entry.kind === 'prepare'
      ? { kind: 'prepared', items: entry.items.map(() => ({ kind: 'held', holdId: null })) }
      : { kind: 'written' },
  )

const ask = (nodeId: string, count = 1) => ({
  nodeId,
  price: 1,
  lookUp: true,
  items: Array.from({ length: count }, (_, index) => item(index)),
})

test('what is asked in the same moment goes in one call, what is asked meanwhile in the next', async () => {
  const { queue, calls, most } = queueOver()
  queue.note({ kind: 'mark', nodeId: 'a', state: 'succeeded' })
  const first = queue.prepare(ask('b'))
  await drained()
  await drained()
  const second = [queue.prepare(ask('c')), queue.prepare(ask('d'))]
  await Promise.all([first, ...second])
  await queue.written()
  expect(calls.map((entries) => entries.map(({ kind, nodeId }) => `${kind} ${nodeId}`))).toEqual([
    ['mark a', 'prepare b'],
    ['prepare c', 'prepare d'],
  ])
  expect(most()).toBe(1)
})

test('one call carries so many items at most; an entry that is larger goes alone', async () => {
  const { queue, calls } = queueOver()
  await Promise.all([ask('a', 300), ask('b', 200), ask('c', mostItems + 1), ask('d')].map(queue.prepare))
  expect(calls.map((entries) => entries.map(({ nodeId }) => nodeId))).toEqual([['a'], ['b'], ['c'], ['d']])
})

test('another call comes in its turn: after what was asked before it, before what was asked after it', async () => {
  const { queue, calls } = queueOver()
  queue.note({ kind: 'mark', nodeId: 'a', state: 'succeeded' })
  const written = queue.call(async () => calls.length)
  queue.note({ kind: 'mark', nodeId: 'b', state: 'succeeded' })
  expect(await written).toBe(1)
  await queue.written()
  expect(calls).toHaveLength(2)
})

test('a failure reaches everybody who waits and everybody who comes later', async () => {
  const { queue, broken } = queueOver(async () => {
    throw new Error('The books are torn.')
  })
  const first = queue.prepare(ask('a'))
  const second = queue.call(async () => 1)
  await expect(first).rejects.toThrow('torn')
  await expect(second).rejects.toThrow('torn')
  await expect(queue.prepare(ask('b'))).rejects.toThrow('torn')
  await expect(queue.written()).rejects.toThrow('torn')
  expect(broken).toHaveLength(1)
})
