/** A model is asked for where a node uses it, and only there. */
import { compilePlan, defaultPrices, type Graph, prepareGraph } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import { testGraph } from '../../nodes/graph.fixtures.ts'
import { checkModels } from './check-models.ts'

function planOf(graph: Graph) {
  const prepared = prepareGraph(graph, { inputs: {}, params: {} })
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  const compiled = compilePlan(prepared.flat, {
    drawSeed: () => 7,
    lists: new Map(),
    models: new Map(),
    prices: defaultPrices,
    priceVersion: 1,
  })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.plan
}

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 1, width: 8, height: 8, name: 'a.png' }
const cleanUp = (params: Record<string, string>) =>
  planOf(
    testGraph({ load: ['load-image', { image }], defect: 'draw-defect', clean: ['clean-up', params] }, [
      'load.image > defect.image',
      'defect.image > clean.image',
      'defect.mask > clean.mask',
    ]),
  )

test('a method without a model runs on servers that have none, and one with a model needs that alone', () => {
  const known = { known: new Map([['starter', { digest: null }]]), foreign: new Set<string>() }
  expect(checkModels(cleanUp({ method: 'patch-match' }), known)).toEqual([])
  expect(checkModels(cleanUp({ method: 'diffusion' }), known)).toEqual([])
  expect(checkModels(cleanUp({ method: 'lama' }), known)).toMatchObject([
    { code: 'unknown-model', nodeId: 'clean', field: 'fillModel' },
  ])
  expect(checkModels(cleanUp({ method: 'lama' }), { ...known, known: null })).toEqual([])
})

test("somebody else's model is refused in the words for one that is not there, also while no server runs", () => {
  const plan = cleanUp({ method: 'lama', fillModel: 'secret' })
  const refusal = (known: Parameters<typeof checkModels>[1]) => checkModels(plan, known)[0]?.message
  const servers = new Map([['starter', { digest: null }]])
  const foreign = new Set(['secret'])
  const absent = refusal({ known: servers, foreign: new Set() })
  expect(absent).toBe('No server has the model "secret", or it is not yours.')
  expect(refusal({ known: servers, foreign })).toBe(absent)
  expect(refusal({ known: null, foreign })).toBe(absent)
  expect(
    checkModels(cleanUp({ method: 'patch-match', fillModel: 'secret' }), { known: null, foreign }),
  ).toEqual([])
})
