/** Over random graphs with subgraphs, mutes, bypasses, pins and frames: what is planned is whole, sorted and the same twice. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkGraph } from './check-graph.ts'
import type { FlatGraph } from './flatten/flat-graph.ts'
import type { Graph, GraphNode, Subgraph } from './graph.ts'
import { fieldOfHandle, linkablePorts } from './link-params.ts'
import { readGraph } from './migrate-graph.ts'
import { findDefinition } from './node-definitions.ts'
import { Plan } from './plan.ts'
import { testCompile, testFacts } from './plan.fixtures.ts'
import { prepareGraph } from './prepare-graph.ts'
import { subgraphOf } from './subgraph-params.ts'
import { randomGraph } from './random-graphs.fixtures.ts'
import { compilePlan } from './compile-plan.ts'

const runs = { numRuns: 120 }

function flatOf(graph: Graph, only?: readonly string[]): FlatGraph | null {
  const prepared = prepareGraph(graph, { inputs: {}, params: {}, only })
  if (prepared.ok) return prepared.flat
  // Nothing is left when everything was switched off; any other refusal of such a graph is a fault.
  expect(prepared.problems.map(({ code }) => code)).toEqual(['empty-graph'])
  return null
}

/** The ids that unfolding must give, worked out on its own: every node but those whose place an edge takes. */
function unfoldedIds(graph: Graph): string[] {
  const walk = (
    body: Pick<Subgraph, 'nodes' | 'edges' | 'inputs'>,
    prefix: string,
    fed: ReadonlySet<string>,
  ): string[] =>
    body.nodes.flatMap((node) => {
      const incoming = new Set([
        ...body.edges.filter(({ target }) => target === node.id).map(({ targetHandle }) => targetHandle),
        ...body.inputs
          .filter(({ name, nodeId }) => nodeId === node.id && fed.has(name))
          .map(({ field }) => field),
      ])
      const inner = subgraphOf(node, graph.subgraphs)?.subgraph
      if (node.type === 'subgraph') return inner ? walk(inner, `${prefix}${node.id}/`, incoming) : []
      const { valueParam } = findDefinition(node.type) ?? {}
      return valueParam !== undefined && incoming.has(valueParam) ? [] : [prefix + node.id]
    })
  return walk(graph, '', new Set())
}

/** Whether a flat id lies in something that is switched off, or is bypassed itself. */
function isSwitchedOff(graph: Graph, id: string): boolean {
  let body: Pick<Subgraph, 'nodes' | 'frames'> = graph
  for (const step of id.split('/')) {
    const node: GraphNode | undefined = body.nodes.find((one) => one.id === step)
    if (!node) return false
    if (node.mode !== undefined || body.frames.some((frame) => frame.off && frame.id === node.frameId))
      return true
    const inner = subgraphOf(node, graph.subgraphs)?.subgraph
    if (inner) body = inner
  }
  return false
}

const typeOf = (flat: FlatGraph, id: string) =>
  findDefinition(flat.nodes.find((node) => node.id === id)?.type ?? '')

test('without switches every node is there exactly once', () => {
  fc.assert(
    fc.property(randomGraph, ({ plain }) => {
      const ids = unfoldedIds(plain)
      const flat = flatOf(plain)
      expect(flat?.nodes.map(({ id }) => id).sort() ?? []).toEqual(ids.sort())
      expect(new Set(ids).size).toBe(ids.length)
      expect(checkGraph(plain)).toEqual(flat ? [] : [expect.objectContaining({ code: 'empty-graph' })])
    }),
    runs,
  )
})

test('what is left has all that it needs, on ports of the right type, and nothing that was switched off', () => {
  fc.assert(
    fc.property(randomGraph, ({ plain, switched }) => {
      const flat = flatOf(switched)
      if (!flat) return
      const ids = flat.nodes.map(({ id }) => id)
      const all = new Set(unfoldedIds(plain))
      expect(new Set(ids).size).toBe(ids.length)
      for (const id of ids) expect(isSwitchedOff(switched, id), id).toBe(false)
      const fed = new Set(flat.edges.map(({ target, targetHandle }) => `${target} ${targetHandle}`))
      expect(fed.size).toBe(flat.edges.length)
      for (const { source, sourceHandle, target, targetHandle } of flat.edges) {
        expect(ids).toContain(source)
        expect(ids).toContain(target)
        const field = fieldOfHandle(targetHandle)
        const definition = typeOf(flat, target)
        const into =
          field === null || !definition ? definition?.inputs[targetHandle] : linkablePorts(definition)[field]
        expect(typeOf(flat, source)?.outputs[sourceHandle]?.type).toBe(into?.type ?? 'no port')
      }
      for (const node of flat.nodes) {
        if (node.pinned) {
          expect(flat.edges.filter(({ target }) => target === node.id)).toEqual([])
          continue
        }
        // What an edge took the place of comes back when that edge's source is gone only as something dropped.
        expect(all).toContain(node.id)
        for (const [port, { optional }] of Object.entries(findDefinition(node.type)?.inputs ?? {}))
          if (!optional) expect(fed).toContain(`${node.id} ${port}`)
      }
      for (const { nodeId, port } of flat.outputs) {
        expect(ids).toContain(nodeId)
        expect(typeOf(flat, nodeId)?.outputs[port]).toBeDefined()
      }
    }),
    runs,
  )
})

test('a run to one node has what that needs and nothing else', () => {
  fc.assert(
    fc.property(randomGraph, fc.nat(100), ({ switched }, pick) => {
      const whole = flatOf(switched)
      const goal = whole?.nodes[pick % Math.max(1, whole.nodes.length)]
      if (!whole || !goal) return
      const needed = new Set([goal.id])
      for (const id of needed) for (const edge of whole.edges) if (edge.target === id) needed.add(edge.source)
      const part = flatOf(switched, [goal.id])
      expect(new Set(part?.nodes.map(({ id }) => id))).toEqual(needed)
      expect(part?.nodes).toEqual(whole.nodes.filter(({ id }) => needed.has(id)))
    }),
    runs,
  )
})

test('the plan has each node once, after what it needs, from ports that exist, and is the same twice', () => {
  fc.assert(
    fc.property(randomGraph, ({ switched }) => {
      const flat = flatOf(switched)
      if (!flat) return
      let draws = 0
      const compile = (of: FlatGraph) => {
        draws = 0
        return compilePlan(of, testFacts(flat, { drawSeed: () => draws++ }))
      }
      const compiled = compile(flat)
      const empty = draws
      // The order in which things were saved decides nothing.
      expect(compile({ ...flat, nodes: flat.nodes.toReversed(), edges: flat.edges.toReversed() })).toEqual(
        compiled,
      )
      if (!compiled.ok) {
        for (const { code } of compiled.problems) expect(['names-differ', 'too-many-items']).toContain(code)
        return
      }
      const { plan } = compiled
      expect(Plan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
      expect(plan.nodes.map(({ id }) => id).sort()).toEqual(flat.nodes.map(({ id }) => id).sort())
      const before = new Map<string, string>()
      for (const node of plan.nodes) {
        for (const { nodeId, port } of Object.values(node.inputs))
          expect(findDefinition(before.get(nodeId) ?? '')?.outputs[port]).toBeDefined()
        before.set(node.id, node.type)
        expect(findDefinition(node.type)?.params.safeParse(node.params).success).toBe(true)
        expect(node.segment).toBeNull()
      }
      const seeds = plan.nodes.filter((node) => typeof node.params['seed'] === 'number' && !node.pinned)
      expect(empty).toBe(seeds.length)
      expect(plan.quote).toBe(
        plan.nodes.reduce((sum, node) => sum + (node.pinned ? 0 : node.price * node.items), 0),
      )
    }),
    runs,
  )
})

test('a graph that is saved and read again, and one as it ran, give the same plan', () => {
  fc.assert(
    fc.property(randomGraph, ({ switched }) => {
      const compiled = testCompile(switched)
      if (!compiled.ok) return
      const read = readGraph(JSON.parse(JSON.stringify(compiled.graph)))
      if (!read.ok) throw new Error(JSON.stringify(read.problems))
      expect(testCompile(read.graph)).toMatchObject({ ok: true, plan: compiled.plan })
    }),
    { numRuns: 60 },
  )
})
