/** Plans for tests: a graph with what the world would say of it. */
import { RunInputs } from './apply-inputs.ts'
import { compilePlan } from './compile-plan.ts'
import type { PlanFacts } from './compile/plan-facts.ts'
import type { FlatGraph } from './flatten/flat-graph.ts'
import type { Graph } from './graph.ts'
import { NamedCollection } from './params.ts'
import type { Plan } from './plan.ts'
import { prepareGraph } from './prepare-graph.ts'
import { defaultPrices } from './prices.ts'
import type { GraphProblem } from './problem.ts'

/** `part-0.png`, `part-1.png` … */
export const testNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `part-${index}.png`)

export interface TestGiven {
  inputs?: RunInputs['inputs']
  params?: RunInputs['params']
  only?: readonly string[]
}

/** Every folder holds `part-0.png` …, every model is there, and every seed is 42. */
export function testFacts(flat: FlatGraph, facts: Partial<PlanFacts> = {}): PlanFacts {
  const lists = new Map(
    flat.nodes.flatMap((node) => {
      const folder = NamedCollection.safeParse(node.params['folder'])
      if (!folder.success) return []
      const { name: _name, ...collection } = folder.data
      return [[node.id, { collection, names: testNames(collection.count) }] as const]
    }),
  )
  return {
    drawSeed: () => 42,
    lists,
    models: new Map(),
    prices: defaultPrices,
    priceVersion: 1,
    ...facts,
  }
}

export function testCompile(
  graph: Graph,
  given: TestGiven = {},
  facts: Partial<PlanFacts> = {},
): { ok: true; plan: Plan; graph: Graph } | { ok: false; problems: GraphProblem[] } {
  const { only, ...named } = given
  const prepared = prepareGraph(graph, { ...RunInputs.parse(named), ...(only ? { only } : {}) })
  if (!prepared.ok) return prepared
  const compiled = compilePlan(prepared.flat, testFacts(prepared.flat, facts))
  return compiled.ok ? { ...compiled, graph: prepared.graph } : compiled
}

/** @throws when the graph cannot run. */
export function testPlan(graph: Graph, given: TestGiven = {}, facts: Partial<PlanFacts> = {}): Plan {
  const compiled = testCompile(graph, given, facts)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.plan
}

export function testProblems(
  graph: Graph,
  given: TestGiven = {},
  facts: Partial<PlanFacts> = {},
): GraphProblem[] {
  const compiled = testCompile(graph, given, facts)
  return compiled.ok ? [] : compiled.problems
}
