/** A plan is walked as far as results of before reach: whatever would need work is neither done nor walked past. */
import type { ItemOutputs } from '@defect-studio/nodes'
import { nodeDefinitions, StudioError } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import { testGraph } from '../nodes/graph.fixtures.ts'
import { testPlan } from '../nodes/plan.fixtures.ts'
import { branches, folderOf } from './graphs.fixtures.ts'
import { picture } from './studio.fixtures.ts'
import { walkAhead, type Ahead } from './walk-ahead.ts'

const usualModels = nodeDefinitions.flatMap(({ params }) => {
  const { model } = params.safeParse({}).data ?? {}
  return typeof model === 'string' ? [model] : []
})

type Known = Record<string, string[]>

/** @param known nodes whose results are there, with the ports that they have. */
async function walk(graph: Parameters<typeof testPlan>[0], known: Known, readItems?: Ahead['readItems']) {
  const asked: string[] = []
  const models = new Map(usualModels.map((model) => [model, { digest: 'c'.repeat(64) }]))
  await walkAhead('run', testPlan(graph, {}, { models }), {
    async find({ nodeId, items }) {
      asked.push(`${nodeId} ${items.map(({ name }) => name).join(' ')}`)
      const ports = known[nodeId]
      if (!ports) return null
      return items.map(({ name, index }): ItemOutputs =>
        Object.fromEntries(
          ports.map((port) => [port, [{ name, index, value: picture(`${nodeId} ${port} ${index}`) }]]),
        ),
      )
    },
    readItems: readItems ?? (() => Promise.reject(new StudioError('internal', 'There is no list here.'))),
  })
  return asked.sort()
}

test('it goes on behind what is known, and stops before what is not', async () => {
  const both = { defect: ['image', 'mask'], cut: ['image', 'mask'] }
  const steps = ['cut part.png', 'defect part.png']
  expect(await walk(branches, both)).toEqual([...steps, 'many many', 'paint part.png'])
  expect(await walk(branches, { defect: ['image', 'mask'] })).toEqual([...steps, 'many many'])
  expect(await walk(branches, {})).toEqual([...steps, 'many many'])
})

test('a list is walked item by item, asked for at once', async () => {
  const asked = await walk(folderOf(3), { defect: ['image', 'mask'] }, async () =>
    ['a', 'b', 'c'].map((name) => ({ name, value: picture(name) })),
  )
  expect(asked).toEqual(['defect a b c'])
})

test('of a switch only the way that is taken is walked', async () => {
  const graph = testGraph(
    {
      load: ['load-image', { image: { ...picture('x'), name: 'part.png' } }],
      which: ['if', { condition: 'width > 1' }],
      yes: 'draw-defect',
      no: 'draw-defect',
    },
    ['load.image > which.image', 'which.yes > yes.image', 'which.no > no.image'],
  )
  expect(await walk(graph, {})).toEqual(['yes part.png'])
})

test('what works anew each time is not walked past', async () => {
  const graph = testGraph(
    {
      load: ['load-image', { image: { ...picture('x'), name: 'part.png' } }],
      first: 'draw-defect',
      save: 'save-to-gallery',
      second: 'draw-defect',
    },
    ['load.image > first.image', 'first.image > save.image', 'save.image > second.image'],
  )
  expect(await walk(graph, { first: ['image', 'mask'] })).toEqual(['first part.png'])
})
