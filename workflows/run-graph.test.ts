/** The interpreter on a real Temporal server: what runs, what is written down, and what is paid for. */
import type { Bookkeeping } from '@defect-studio/nodes'
import { ApplicationFailure } from '@temporalio/common'
import { afterEach, expect, test } from 'vitest'
import { testFolder, testGraph } from '../nodes/graph.fixtures.ts'
import { branches, folderOf, oneDefect } from './graphs.fixtures.ts'
import { workUntilCancelled } from './scenarios.fixtures.ts'
import { graphTaskQueue, runGraphWorkflow, runWorkflowId } from './run-messages.ts'
import {
  createGate,
  picture,
  planOf,
  startTestStudio,
  stubActivities,
  type TestStudio,
} from './studio.fixtures.ts'

let studio: TestStudio | undefined
afterEach(async () => {
  await studio?.close()
  studio = undefined
})

const start = async (...args: Parameters<typeof startTestStudio>) => (studio = await startTestStudio(...args))

/** Runs the graph to its end and says how the workflow closed. */
async function runToEnd(at: TestStudio, graph: Parameters<TestStudio['start']>[0]) {
  const { runId, handle } = await at.start(graph)
  const error = await handle.result().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const { status } = await handle.describe()
  return { closed: status.name, error, end: at.books.ends.get(runId), runId, handle }
}

const holds = (at: TestStudio, how: string) => [...at.books.holds].filter(([, state]) => state === how).length

test('a chain of three nodes succeeds, is marked step by step, and each item is paid for once', async () => {
  const at = await start()
  const { closed, end } = await runToEnd(at, oneDefect)
  expect([closed, end]).toEqual(['COMPLETED', { status: 'succeeded' }])
  const states = (nodeId: string) => at.books.marks.filter((mark) => mark.startsWith(`${nodeId} `))
  for (const id of ['load', 'defect', 'save'])
    expect(states(id)).toEqual([`${id} running`, `${id} succeeded`])
  expect([holds(at, 'captured'), at.books.holds.size]).toEqual([3, 3])
  const made = { tool: 'draw-defect', nodeId: 'defect', seed: 100, prompt: 'scratch' }
  expect(at.books.outputs.get('load#0')?.['image']).toEqual([{ name: 'part.png', value: expect.anything() }])
  expect(at.books.outputs.get('defect#0')?.['image']).toMatchObject([{ name: 'part.png', made }])
  expect(at.books.outputs.get('save#0')?.['image']).toMatchObject([{ name: 'part.png', made }])
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
  const { closed } = await runToEnd(at, branches)
  expect(closed).toBe('COMPLETED')
  const order = (mark: string) => at.books.marks.indexOf(mark)
  expect(order('paint running')).toBeGreaterThan(Math.max(order('defect running'), order('cut running')))
  expect(at.books.outputs.get('many#0')?.['image']).toMatchObject([
    { name: 'many-1', made: { tool: 'text-to-image', seed: 2 ** 32 - 1, prompt: 'rust on steel' } },
    { name: 'many-2' },
    { name: 'many-3' },
  ])
  expect([...at.books.outputs.keys()].filter((key) => key.startsWith('save'))).toHaveLength(3)
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
  const { closed } = await runToEnd(at, folderOf(20))
  expect(closed).toBe('COMPLETED')
  expect(most).toBeLessThanOrEqual(8)
  const names = Array.from({ length: 20 }, (_, index) => `part-${String(index + 1).padStart(2, '0')}.png`)
  const saved = names.map((_, index) => at.books.outputs.get(`save#${index}`)?.['image']?.[0])
  expect(saved.map((item) => item?.name)).toEqual(names)
  expect(saved.map((item) => item?.made?.seed)).toEqual(names.map((_, index) => 100 + index))
  expect(holds(at, 'captured')).toBe(41)
})

test('items that fail are counted, given back and left out; the good ones flow on', async () => {
  const at = await start({
    async drawDefect(input, task) {
      if (task.itemIndex % 2 === 1) throw ApplicationFailure.nonRetryable('Too dark.', 'invalid-input')
      return stubActivities.drawDefect(input, task)
    },
  })
  const { closed, end } = await runToEnd(at, folderOf(6))
  expect(closed).toBe('FAILED')
  expect(end).toMatchObject({ status: 'failed', failure: { type: 'invalid-input' } })
  expect(end?.failure?.message).toBe('Draw defect: 3 of 6 failed: Too dark.')
  expect(at.books.marks).toContain('defect failed 3 of 6 failed: Too dark.')
  expect(at.books.marks).toContain('save succeeded')
  const saved = [...at.books.outputs]
    .filter(([key]) => key.startsWith('save'))
    .map(([, it]) => it['image']?.[0]?.name)
  expect(saved.sort()).toEqual(['part-01.png', 'part-03.png', 'part-05.png'])
  expect([holds(at, 'released'), holds(at, 'open')]).toEqual([3, 0])
})

test('a node that failed whole has what depends on it skipped, while other branches go on', async () => {
  const at = await start({
    async drawDefect() {
      throw ApplicationFailure.nonRetryable('No place for it.', 'invalid-input')
    },
  })
  const { closed, end } = await runToEnd(at, branches)
  expect(closed).toBe('FAILED')
  expect(end?.failure?.message).toBe('Draw defect: No place for it.')
  for (const mark of ['paint skipped', 'cut succeeded', 'many succeeded', 'save succeeded'])
    expect(at.books.marks).toContain(mark)
  expect(at.books.marks).not.toContain('paint running')
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
  expect(at.books.ends.get(runId)).toEqual({ status: 'cancelled' })
  expect(holds(at, 'open')).toBe(0)
  expect(at.books.marks).toContain('defect cancelled')
  expect(at.books.marks).toContain('save cancelled')
  expect([...at.books.outputs.keys()]).toEqual(['load#0'])
})

test('params that no longer fit end the run as failed, at their node, before anything is done', async () => {
  const at = await start()
  const plan = planOf(oneDefect)
  const defect = plan.nodes[1]
  if (defect) defect.params['size'] = 'huge'
  const { closed, end } = await runToEnd(at, plan)
  expect(closed).toBe('FAILED')
  expect(end).toMatchObject({ status: 'failed', failure: { type: 'invalid-graph' } })
  expect(end?.failure?.message).toMatch(/^Draw defect: the param "size" cannot be used/)
  expect(at.books.marks.map((mark) => mark.split(' ', 2).join(' ')).sort()).toEqual([
    'defect failed',
    'load skipped',
    'save skipped',
  ])
  expect(at.books.holds.size).toBe(0)
})

test('a node type that this worker does not know ends the run as failed', async () => {
  const at = await start()
  const plan = planOf(oneDefect)
  if (plan.nodes[1]) plan.nodes[1].type = 'from-the-future'
  expect((await runToEnd(at, plan)).end?.failure?.message).toContain('no node of type "from-the-future"')
})

test('a StudioError thrown by node code itself is a failure, not a task that is tried for ever', async () => {
  const at = await start()
  const plan = planOf(oneDefect)
  if (plan.nodes[0]) plan.nodes[0].params['image'] = null
  const { closed, end } = await runToEnd(at, plan)
  expect(closed).toBe('FAILED')
  expect(end?.failure).toMatchObject({ type: 'invalid-graph', message: 'Load image: No image is chosen.' })
})

test('collections with different names are refused at the node where they meet', async () => {
  const at = await start({
    async listCollection({ collection }) {
      const own = collection.key.startsWith('b') ? 'a.png' : 'z.png'
      return { items: [own, 'both.png'].map((name) => ({ name, image: picture(name) })) }
    },
  })
  const other = { ...testFolder(2), key: 'c'.repeat(64) }
  const graph = testGraph(
    {
      photos: ['load-folder', { folder: testFolder(2) }],
      others: ['load-folder', { folder: other }],
      cut: 'remove-background',
      save: 'save-to-gallery',
    },
    ['photos.image > save.image', 'others.image > cut.image', 'cut.mask > save.mask'],
  )
  const { end } = await runToEnd(at, graph)
  expect(end?.failure?.message).toContain('only on "image": "a.png"; only on "mask": "z.png"')
  expect(at.books.marks).toContain('cut succeeded')
})

test('work that fails for a while is tried again, and paid for once', async () => {
  let tries = 0
  const at = await start({
    async drawDefect(input, task) {
      if (++tries < 2) throw ApplicationFailure.retryable('The store is away.', 'unavailable')
      return stubActivities.drawDefect(input, task)
    },
  })
  const { closed } = await runToEnd(at, oneDefect)
  expect([closed, tries, holds(at, 'captured')]).toEqual(['COMPLETED', 2, 3])
})

test('books that are away for a while only delay the run; answers that were lost change nothing', async () => {
  const lost = new Set<string>()
  const at = await start(
    {},
    {
      // Every function does its work, loses its first answer, and is called again.
      books: (books) =>
        loseFirstAnswers(lost, {
          beginRun: books.beginRun,
          prepareItem: books.prepareItem,
          settleItem: books.settleItem,
          endRun: books.endRun,
        }),
    },
  )
  const { closed } = await runToEnd(at, oneDefect)
  expect([closed, holds(at, 'captured'), holds(at, 'open')]).toEqual(['COMPLETED', 3, 0])
  expect([...lost].sort()).toEqual(['beginRun', 'endRun', 'prepareItem', 'settleItem'])
})

test('replayed at every task, a run ends as it does from the cache', async () => {
  const at = await start({}, { cached: false })
  const { closed } = await runToEnd(at, folderOf(12))
  expect([closed, holds(at, 'captured')]).toEqual(['COMPLETED', 25])
})

test('a run that is not in the books fails at once', async () => {
  const at = await start()
  const handle = await at.client.workflow.start(runGraphWorkflow, {
    taskQueue: graphTaskQueue,
    workflowId: runWorkflowId('ghost'),
    args: [{ runId: 'ghost' }],
  })
  await expect(handle.result()).rejects.toThrow()
  expect(at.books.ends.get('ghost')).toMatchObject({ status: 'failed', failure: { type: 'invalid-graph' } })
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
