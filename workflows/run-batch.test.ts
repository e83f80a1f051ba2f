/** Batches on a real Temporal server: every item once, however many histories it takes, and short histories. */
import { ApplicationFailure } from '@temporalio/common'
import { expect, test } from 'vitest'
import { startBatch } from './batch.fixtures.ts'
import { folderOf } from './graphs.fixtures.ts'
import type { BatchResult } from './run-batch.ts'
import { controlSignal } from './run-messages.ts'
import { workUntilCancelled } from './scenarios.fixtures.ts'
import { useStudio } from './run-to-end.fixtures.ts'
import { createGate, stubActivities, type TestStudio } from './studio.fixtures.ts'

const start = useStudio()

/** Events of each history of a workflow that went on in new ones. */
async function historyLengths({ client }: TestStudio, workflowId: string): Promise<number[]> {
  const lengths: number[] = []
  let runId: string | undefined
  // Backwards from the last one: lists of workflows lag behind.
  do {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    lengths.push(events?.length ?? 0)
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || undefined
  } while (runId)
  return lengths
}

test('a batch of 1,000 goes on in new histories, and every item is done exactly once', async () => {
  const drawn: string[] = []
  const at = await start({
    async drawDefect(input, task) {
      drawn.push(task.itemName)
      return stubActivities.drawDefect(input, task)
    },
  })
  const { handle, workflowId, pages } = await startBatch(at, 1000, { mostEvents: 70 })
  const { totals, isComplete, failed } = (await handle.result()) as BatchResult
  expect([isComplete, failed]).toEqual([true, null])
  const all = { succeeded: 1000, cached: 0, failed: 0, cancelled: 0 }
  expect(Object.fromEntries(totals)).toEqual({ load: all, defect: all, save: all })
  expect([drawn.length, new Set(drawn).size, pages.spent]).toEqual([1000, 1000, 1000])
  const lengths = await historyLengths(at, workflowId)
  expect(lengths.length).toBeGreaterThan(2)
  // What is under way when a history is full still ends in it.
  expect(Math.max(...lengths)).toBeLessThan(150)
})

test('a run with a folder of 300 has a batch do it; names, seeds and tokens are as they would be item by item', async () => {
  const at = await start()
  const { runId, handle } = await at.start(folderOf(300))
  await handle.result()
  const pages = at.books.of(runId)
  expect(pages.end).toEqual({ status: 'succeeded' })
  const saved = [...pages.rows]
    .filter(([key]) => key.startsWith('save#'))
    .flatMap(([, row]) => row.outputs['image'] ?? [])
    .sort((one, other) => one.index - other.index)
  const names = at.books.lists.get('b'.repeat(64))?.map(({ name }) => name)
  expect(saved.map(({ name }) => name)).toEqual(names)
  expect(saved.map(({ made }) => made?.seed)).toEqual(saved.map((_, index) => 100 + index))
  expect(pages.spent).toBe(300)
  for (const id of ['load', 'defect', 'save']) expect(pages.marks).toContain(`${id} succeeded`)
})

test('items that fail in a chunk are reported; what another try mends is tried alone', async () => {
  const tries = new Map<string, number>()
  const at = await start({
    async drawDefect(input, task) {
      const { itemName } = task
      tries.set(itemName, (tries.get(itemName) ?? 0) + 1)
      if (itemName === 'part-02.png') throw ApplicationFailure.nonRetryable('Too dark.', 'invalid-input')
      if (itemName === 'part-03.png' && tries.get(itemName) === 1)
        throw ApplicationFailure.retryable('The store is away.', 'unavailable')
      return stubActivities.drawDefect(input, task)
    },
  })
  const { runId, handle } = await at.start(folderOf(110))
  await handle.result().catch(() => {})
  const { end, marks, spent } = at.books.of(runId)
  expect(end?.failure?.message).toBe('Draw defect: 1 of 110 failed: Too dark.')
  expect([marks.includes('save succeeded'), spent]).toEqual([true, 109])
  expect([tries.get('part-02.png'), tries.get('part-03.png'), tries.get('part-04.png')]).toEqual([1, 2, 1])
})

test('a cancelled batch stops at once, and what was settled stays', async () => {
  const begun = createGate()
  const hang = workUntilCancelled(begun.open)
  const at = await start({
    drawDefect: (input, task) => (task.itemIndex < 12 ? stubActivities.drawDefect(input, task) : hang()),
  })
  const { runId, handle } = await at.start(folderOf(400))
  await begun.opened
  await handle.cancel()
  await expect(handle.result()).rejects.toThrow()
  const pages = at.books.of(runId)
  expect(pages.end).toEqual({ status: 'cancelled' })
  expect(pages.marks).toContain('defect cancelled')
  expect(pages.holds.filter(({ state }) => state === 'open')).toEqual([])
  const drawn = [...pages.rows].filter(
    ([key, { state }]) => key.startsWith('defect#') && state === 'succeeded',
  )
  expect(drawn.length).toBeGreaterThanOrEqual(12)
  expect(pages.spent).toBe(drawn.length)
})

test('a paused run holds its batch until it is resumed', async () => {
  const at = await start()
  at.books.begins = { paused: true, priority: 2 }
  const { runId, handle } = await at.start(folderOf(150))
  await at.client.workflow
    .getHandle(`run:${runId}`)
    .signal(controlSignal, { revision: 1, paused: true, priority: 3 })
  expect(at.books.of(runId).rows.size).toBe(0)
  at.books.begins = { paused: false, priority: 2 }
  await handle.signal(controlSignal, { revision: 2, paused: false, priority: 3 })
  await handle.result()
  expect(at.books.of(runId).spent).toBe(150)
})
