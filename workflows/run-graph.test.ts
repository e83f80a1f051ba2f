/** The interpreter on a real Temporal server: what runs, what is written down, and what is paid for. */
import type { Bookkeeping } from '@defect-studio/nodes'
import { ApplicationFailure } from '@temporalio/common'
import { expect, test } from 'vitest'
import { testFolder, testGraph } from '../nodes/graph.fixtures.ts'
import { branches, folderOf, oneDefect } from './graphs.fixtures.ts'
import { planOf } from './plan.fixtures.ts'
import { workUntilCancelled } from './scenarios.fixtures.ts'
import { graphTaskQueue, runGraphWorkflow, runWorkflowId } from './run-messages.ts'
import { holds, itemsOf, rowsOf, runToEnd, useStudio } from './run-to-end.fixtures.ts'
import { createGate, picture, stubActivities } from './studio.fixtures.ts'

const start = useStudio()

test('a chain of three nodes succeeds, is marked step by step, and each item is paid for once', async () => {
  const at = await start()
  const { closed, end, pages } = await runToEnd(at, oneDefect)
  expect([closed, end]).toEqual(['COMPLETED', { status: 'succeeded' }])
  const states = (nodeId: string) => pages.marks.filter((mark) => mark.startsWith(`${nodeId} `))
  expect(states('load')).toEqual(['load succeeded'])
  for (const id of ['defect', 'save']) expect(states(id)).toEqual([`${id} running`, `${id} succeeded`])
  expect([holds(pages, 'captured'), pages.holds.length, pages.spent]).toEqual([1, 1, 1])
  const made = { tool: 'draw-defect', nodeId: 'defect', seed: 100, prompt: 'scratch' }
  expect(itemsOf(pages, 'load')).toEqual([{ name: 'part.png', index: 0, value: expect.anything() }])
  expect(itemsOf(pages, 'defect')).toMatchObject([{ name: 'part.png', made }])
  expect(itemsOf(pages, 'save')).toMatchObject([{ name: 'part.png', made }])
})

test('what a node settles and what the next one prepares go into the books together', async () => {
  const at = await start()
  const { pages } = await runToEnd(at, oneDefect)
  // load settled and defect prepared; defect settled and save prepared; save settled.
  expect(pages.writes).toBe(3)
})

test('branches that do not need each other run at the same time, and what joins them waits for both', async () => {
  const defect = createGate()
  const cut = createGate()
  const at = await start({
    // Each waits until the other has begun: one after the other would never end.
    async drawDefect(input, task) {
      defect.open()
      await cut.opened
      return stubActivities.drawDefect(input, task)
    },
    async removeBackground(input, task) {
      cut.open()
      await defect.opened
      return stubActivities.removeBackground(input, task)
    },
  })
  const { closed, pages } = await runToEnd(at, branches)
  expect(closed).toBe('COMPLETED')
  const order = (mark: string) => pages.marks.indexOf(mark)
  expect(order('paint running')).toBeGreaterThan(Math.max(order('defect running'), order('cut running')))
  expect(itemsOf(pages, 'many')).toMatchObject([
    { name: 'many-1', index: 0, made: { tool: 'text-to-image', seed: 2 ** 32 - 1, prompt: 'rust on steel' } },
    { name: 'many-2', index: 1 },
    { name: 'many-3', index: 2 },
  ])
  expect(rowsOf(pages, 'save')).toHaveLength(3)
})

test('a folder of 20 goes through item by item with its names, at most 8 of a node at once', async () => {
  let now = 0
  let most = 0
  const at = await start({
    async drawDefect(input, task) {
      most = Math.max(most, ++now)
      await new Promise(setImmediate)
      now -= 1
      return stubActivities.drawDefect(input, task)
    },
  })
  const { closed, pages } = await runToEnd(at, folderOf(20))
  expect(closed).toBe('COMPLETED')
  expect(most).toBeLessThanOrEqual(8)
  const names = Array.from({ length: 20 }, (_, index) => `part-${String(index + 1).padStart(2, '0')}.png`)
  const saved = itemsOf(pages, 'save')
  expect(saved.map((item) => item.name)).toEqual(names)
  expect(saved.map((item) => item.made?.seed)).toEqual(names.map((_, index) => 100 + index))
  expect(pages.spent).toBe(20)
})

test('items that fail are counted, given back and left out; the good ones flow on and keep their seeds', async () => {
  const at = await start({
    async drawDefect(input, task) {
      if (task.itemIndex % 2 === 1) throw ApplicationFailure.nonRetryable('Too dark.', 'invalid-input')
      return stubActivities.drawDefect(input, task)
    },
  })
  const { closed, end, pages } = await runToEnd(at, folderOf(6))
  expect(closed).toBe('FAILED')
  expect(end).toMatchObject({ status: 'failed', failure: { type: 'invalid-input' } })
  expect(end?.failure?.message).toBe('Draw defect: 3 of 6 failed: Too dark.')
  expect(pages.marks).toContain('defect failed 3 of 6 failed: Too dark.')
  expect(pages.marks).toContain('save succeeded')
  expect(itemsOf(pages, 'save').map(({ name, index, made }) => [name, index, made?.seed])).toEqual([
    ['part-01.png', 0, 100],
    ['part-03.png', 2, 102],
    ['part-05.png', 4, 104],
  ])
  expect([holds(pages, 'released'), holds(pages, 'open'), pages.spent]).toEqual([3, 0, 3])
})

test('a node that failed whole has what depends on it skipped, while other branches go on', async () => {
  const at = await start({
    async drawDefect() {
      throw ApplicationFailure.nonRetryable('No place for it.', 'invalid-input')
    },
  })
  const { closed, end, pages } = await runToEnd(at, branches)
  expect(closed).toBe('FAILED')
  expect(end?.failure?.message).toBe('Draw defect: No place for it.')
  for (const mark of ['paint skipped', 'cut succeeded', 'many succeeded', 'save succeeded'])
    expect(pages.marks).toContain(mark)
  expect(pages.marks).not.toContain('paint running')
})

test('an item that cannot be paid for is a failure that names the tokens', async () => {
  const at = await start()
  at.books.tooDear.add('part-02.png')
  const { end } = await runToEnd(at, folderOf(2))
  expect(end?.failure).toMatchObject({
    type: 'insufficient-tokens',
    message: 'Draw defect: 1 of 2 failed: You have 0 tokens.',
  })
})

test('a cancelled run stops its work, gives back every hold and says so', async () => {
  const begun = createGate()
  const at = await start({ drawDefect: workUntilCancelled(begun.open) })
  const { runId, handle } = await at.start(folderOf(10))
  await begun.opened
  await handle.cancel()
  await expect(handle.result()).rejects.toThrow()
  expect((await handle.describe()).status.name).toBe('CANCELLED')
  const pages = at.books.of(runId)
  expect(pages.end).toEqual({ status: 'cancelled' })
  expect([holds(pages, 'open'), pages.spent]).toEqual([0, 0])
  expect(pages.marks).toContain('defect cancelled')
  expect(pages.marks).toContain('save cancelled')
  expect(rowsOf(pages, 'load')).toHaveLength(10)
  expect(rowsOf(pages, 'save')).toHaveLength(0)
  expect(rowsOf(pages, 'defect').every(({ state }) => state === 'cancelled')).toBe(true)
})

test('work whose worker goes away while it is stopped is cancelled, as it was asked to be', async () => {
  const begun = createGate()
  const at = await start({
    async drawDefect() {
      await workUntilCancelled(begun.open)().catch(() => undefined)
      throw ApplicationFailure.retryable('The worker was stopped before it had finished.', 'unavailable')
    },
  })
  const { runId, handle } = await at.start(oneDefect)
  await begun.opened
  await handle.cancel()
  await expect(handle.result()).rejects.toThrow()
  expect((await handle.describe()).status.name).toBe('CANCELLED')
  expect(at.books.of(runId).end).toEqual({ status: 'cancelled' })
})

test('params that no longer fit end the run as failed, at their node, before anything is done', async () => {
  const at = await start()
  const plan = planOf(at.books, oneDefect)
  const defect = plan.nodes.find(({ id }) => id === 'defect')
  if (defect) defect.params['size'] = 'huge'
  const { closed, end, pages } = await runToEnd(at, plan)
  expect(closed).toBe('FAILED')
  expect(end).toMatchObject({ status: 'failed', failure: { type: 'invalid-graph' } })
  expect(end?.failure?.message).toMatch(/^Draw defect: the param "size" cannot be used/)
  expect(pages.marks.map((mark) => mark.split(' ', 2).join(' ')).sort()).toEqual([
    'defect failed',
    'load skipped',
    'save skipped',
  ])
  expect(pages.rows.size).toBe(0)
})

test('a node type that this worker does not know ends the run as failed', async () => {
  const at = await start()
  const plan = planOf(at.books, oneDefect)
  if (plan.nodes[1]) plan.nodes[1].type = 'from-the-future'
  expect((await runToEnd(at, plan)).end?.failure?.message).toContain('no node of type "from-the-future"')
})

test('a plan of another version ends the run as failed and says that it should be started again', async () => {
  const at = await start()
  const { closed, end, pages } = await runToEnd(at, {
    ...planOf(at.books, oneDefect),
    planVersion: 1,
  } as never)
  expect([closed, end?.failure?.type]).toEqual(['FAILED', 'invalid-graph'])
  expect(end?.failure?.message).toContain('planned by another version')
  expect(pages.marks).toContain('load skipped')
})

test('a StudioError thrown by node code itself is a failure, not a task that is tried for ever', async () => {
  const at = await start()
  const plan = planOf(at.books, oneDefect)
  const load = plan.nodes.find(({ id }) => id === 'load')
  if (load) load.params['image'] = null
  const { closed, end } = await runToEnd(at, plan)
  expect(closed).toBe('FAILED')
  expect(end?.failure).toMatchObject({ type: 'invalid-graph', message: 'Load image: No image is chosen.' })
})

test('collections with different names are refused at the node where they meet', async () => {
  const at = await start()
  const plan = planOf(at.books, twoFolders)
  // The lists have changed under the plan, which would have named what does not fit.
  at.books.lists.set(
    testFolder(2).key,
    ['a.png', 'both.png'].map((name) => ({ name, value: { ...picture(name) } })),
  )
  const { end, pages } = await runToEnd(at, plan)
  expect(end?.failure?.message).toContain(
    'only on "image": "a.png", "both.png"; only on "mask": "part-01.png"',
  )
  expect(pages.marks).toContain('cut succeeded')
})

const twoFolders = testGraph(
  {
    photos: ['load-folder', { folder: testFolder(2) }],
    others: ['load-folder', { folder: { ...testFolder(2), key: 'c'.repeat(64) } }],
    cut: 'remove-background',
    save: 'save-to-gallery',
  },
  ['photos.image > save.image', 'others.image > cut.image', 'cut.mask > save.mask'],
)

test('work that fails for a while is tried again, and paid for once', async () => {
  let tries = 0
  const at = await start({
    async drawDefect(input, task) {
      if (++tries < 2) throw ApplicationFailure.retryable('The store is away.', 'unavailable')
      return stubActivities.drawDefect(input, task)
    },
  })
  const { closed, pages } = await runToEnd(at, oneDefect)
  expect([closed, tries, pages.spent]).toEqual(['COMPLETED', 2, 1])
})

test('books that are away for a while only delay the run; answers that were lost change nothing', async () => {
  const lost = new Set<string>()
  const at = await start(
    {},
    {
      // Every function does its work, loses its first answer, and is called again.
      books: ({ bookkeeping: { beginRun, write, readItems, endRun } }) =>
        loseFirstAnswers(lost, { beginRun, write, readItems, endRun }),
    },
  )
  const { closed, pages } = await runToEnd(at, folderOf(2))
  expect([closed, holds(pages, 'captured'), holds(pages, 'open')]).toEqual(['COMPLETED', 2, 0])
  expect([...lost].sort()).toEqual(['beginRun', 'endRun', 'readItems', 'write'])
})

test('books that refuse for good end the run as failed, and nothing goes on', async () => {
  let writes = 0
  const at = await start(
    {},
    {
      books: ({ bookkeeping }) => ({
        async write(input) {
          if (++writes === 2) throw ApplicationFailure.nonRetryable('The books are torn.', 'internal')
          return bookkeeping.write(input)
        },
      }),
    },
  )
  const { closed, end, pages } = await runToEnd(at, folderOf(20))
  expect([closed, end?.status]).toEqual(['FAILED', 'failed'])
  expect(end?.failure?.message).toContain('The books are torn.')
  expect(rowsOf(pages, 'save')).toHaveLength(0)
})

test('replayed at every task, a run ends as it does from the cache', async () => {
  const at = await start({}, { cached: false })
  const { closed, pages } = await runToEnd(at, folderOf(12))
  expect([closed, pages.spent]).toEqual(['COMPLETED', 12])
})

test('a run that is not in the books fails at once', async () => {
  const at = await start()
  const handle = await at.client.workflow.start(runGraphWorkflow, {
    taskQueue: graphTaskQueue,
    workflowId: runWorkflowId('ghost'),
    args: [{ runId: 'ghost' }],
  })
  await expect(handle.result()).rejects.toThrow()
  expect(at.books.of('ghost').end).toMatchObject({ status: 'failed', failure: { type: 'invalid-graph' } })
})

function loseFirstAnswers(lost: Set<string>, books: Partial<Bookkeeping>): Partial<Bookkeeping> {
  return Object.fromEntries(
    Object.entries(books).map(([name, work]) => [
      name,
      async (input: never) => {
        const answer = await work(input)
        if (lost.has(name)) return answer
        lost.add(name)
        throw new Error('The answer was lost.')
      },
    ]),
  )
}
