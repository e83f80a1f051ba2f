/** What a failure means for the rest of the run: each node has its own rule, and its own patience. */
import { ApplicationFailure } from '@temporalio/common'
import { expect, test } from 'vitest'
import type { Graph, GraphNode } from '@defect-studio/nodes'
import { branches, folderOf, oneDefect } from './graphs.fixtures.ts'
import { holds, itemsOf, rowsOf, runToEnd, useStudio } from './run-to-end.fixtures.ts'
import { workUntilCancelled } from './scenarios.fixtures.ts'
import { createGate, stubActivities, type StubActivities } from './studio.fixtures.ts'

const start = useStudio()

const withRule = (graph: Graph, id: string, rule: Pick<GraphNode, 'onFailure' | 'attempts'>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => (node.id === id ? { ...node, ...rule } : node)),
})

const tooDark = () => ApplicationFailure.nonRetryable('Too dark.', 'invalid-input')
const failEverySecond: Partial<StubActivities> = {
  async drawDefect(input, task) {
    if (task.itemIndex % 2 === 1) throw tooDark()
    return stubActivities.drawDefect(input, task)
  },
}

test('a node that fails the run stops everything else at once', async () => {
  const begun = createGate()
  const at = await start({
    async drawDefect() {
      await begun.opened
      throw tooDark()
    },
    textToImage: workUntilCancelled(begun.open),
  })
  const { closed, end, pages } = await runToEnd(at, withRule(branches, 'defect', { onFailure: 'fail-run' }))
  expect([closed, end?.status, end?.failure?.message]).toEqual(['FAILED', 'failed', 'Draw defect: Too dark.'])
  expect(pages.marks).toContain('defect failed Too dark.')
  expect(pages.marks).toContain('many cancelled')
  expect(pages.marks).toContain('save cancelled')
  expect([holds(pages, 'open'), rowsOf(pages, 'save').length]).toEqual([0, 0])
})

test('in a batch such a node stops the run, too', async () => {
  const at = await start({
    async drawDefect(input, task) {
      if (task.itemIndex === 5) throw tooDark()
      return stubActivities.drawDefect(input, task)
    },
  })
  const graph = withRule(folderOf(3000), 'defect', { onFailure: 'fail-run' })
  const { end, pages } = await runToEnd(at, graph)
  expect(end?.failure?.message).toBe('Draw defect: Too dark.')
  expect(pages.marks.some((mark) => mark.startsWith('defect failed'))).toBe(true)
  expect([holds(pages, 'open'), rowsOf(pages, 'save').length < 3000]).toEqual([0, true])
})

test('a node that may fail leaves a run that succeeds with the rest', async () => {
  const at = await start(failEverySecond)
  const { end, pages } = await runToEnd(at, withRule(folderOf(6), 'defect', { onFailure: 'continue' }))
  expect(end).toEqual({ status: 'succeeded' })
  expect(pages.marks).toContain('defect failed 3 of 6 failed: Too dark.')
  expect(itemsOf(pages, 'save').map(({ name }) => name)).toEqual([
    'part-01.png',
    'part-03.png',
    'part-05.png',
  ])
})

test.each([
  [1, 'unavailable', 1],
  [3, 'unavailable', 3],
  [3, 'invalid-input', 1],
])('with %i attempts a failure that is %s is tried %i times', async (attempts, type, tries) => {
  let tried = 0
  const at = await start({
    async drawDefect() {
      tried += 1
      throw ApplicationFailure.create({ message: 'No.', type, nextRetryDelay: '1 ms' })
    },
  })
  const { end } = await runToEnd(at, withRule(oneDefect, 'defect', { attempts }))
  expect([end?.failure?.type, tried]).toEqual([type, tries])
})
