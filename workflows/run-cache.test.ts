/** Results that exist are used again: by the same department, by a run that takes another up, once for all who ask. */
import { expect, test } from 'vitest'
import { folderOf, oneDefect } from './graphs.fixtures.ts'
import { planOf } from './plan.fixtures.ts'
import { itemsOf, runToEnd, useStudio } from './run-to-end.fixtures.ts'
import { untilTimer } from './scenarios.fixtures.ts'
import { createGate, stubActivities } from './studio.fixtures.ts'

const start = useStudio()

function counting() {
  const done = { drawn: 0, saved: 0 }
  const stubs: Partial<typeof stubActivities> = {
    async drawDefect(input, task) {
      done.drawn += 1
      return stubActivities.drawDefect(input, task)
    },
    async saveToGallery(input, task) {
      done.saved += 1
      return stubActivities.saveToGallery(input, task)
    },
  }
  return { done, stubs }
}

test('the same graph run again pays and draws nothing, and saves anew', async () => {
  const { done, stubs } = counting()
  const at = await start(stubs)
  await runToEnd(at, folderOf(5))
  const { end, pages } = await runToEnd(at, folderOf(5))
  expect([end, pages.spent, done]).toEqual([{ status: 'succeeded' }, 0, { drawn: 5, saved: 10 }])
  expect(pages.marks).toContain('defect cached')
  expect(pages.marks).toContain('save succeeded')
})

test('a batch of what exists draws nothing', async () => {
  const { done, stubs } = counting()
  const at = await start(stubs)
  await runToEnd(at, folderOf(200))
  const { pages } = await runToEnd(at, folderOf(200))
  expect([pages.spent, done]).toEqual([0, { drawn: 200, saved: 400 }])
  expect(pages.marks).toContain('defect cached')
})

test('a fresh run draws again', async () => {
  const { done, stubs } = counting()
  const at = await start(stubs)
  await runToEnd(at, oneDefect)
  await runToEnd(at, planOf(at.books, oneDefect, { fresh: true }))
  expect(done.drawn).toBe(2)
})

test('a run that takes another up does not save twice what the other had saved', async () => {
  const { done, stubs } = counting()
  const at = await start(stubs)
  const parent = await runToEnd(at, folderOf(3))
  const { end, pages } = await runToEnd(at, planOf(at.books, folderOf(3), { carryFrom: parent.runId }))
  expect([end, done]).toEqual([{ status: 'succeeded' }, { drawn: 3, saved: 3 }])
  expect(pages.marks).toContain('save cached')
  expect(itemsOf(pages, 'save')).toHaveLength(3)
})

test('two runs that want the same at once make it once', async () => {
  const begun = createGate()
  const go = createGate()
  let drawn = 0
  const at = await start({
    async drawDefect(input, task) {
      drawn += 1
      begun.open()
      await go.opened
      return stubActivities.drawDefect(input, task)
    },
  })
  const first = await at.start(oneDefect)
  await begun.opened
  const second = await at.start(oneDefect)
  // It has looked once, found somebody at it, and waits by a timer.
  await untilTimer(second.handle)
  go.open()
  await Promise.all([first.handle.result(), second.handle.result()])
  expect([drawn, at.books.of(first.runId).spent, at.books.of(second.runId).spent]).toEqual([1, 1, 0])
})
