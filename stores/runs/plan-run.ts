/** From what is asked for to plans that can run: graph read, pictures and lists looked up, models known, seeds drawn. */
import { randomInt } from 'node:crypto'
import {
  compilePlan,
  type FlatGraph,
  type Graph,
  type GraphNode,
  type GraphProblem,
  type JsonValue,
  type Plan,
  prepareGraph,
  readGraph,
} from '@defect-studio/nodes'
import { readCurrentPrices } from './current-prices.ts'
import { checkModels } from './check-models.ts'
import { checkCallback, checkOutside } from './check-outside.ts'
import { checkPictures, withoutHiddenPictures } from './check-pictures.ts'
import { embedGraphs } from './embed-graphs.ts'
import { findGraph, type FoundGraph } from './find-graph.ts'
import { type ModelsForRun, readModelsForRun } from './known-models.ts'
import { type EarlierRun, findEarlierRun } from './earlier-run.ts'
import { listSources } from './list-sources.ts'
import type { RunGiven, RunSettings, RunStarter, RunWorld } from './run-order.ts'
import { refuseGraph, type RunProblem } from './run-refusal.ts'
import { keysIn, knowArtifacts, withTrueReferences } from './true-references.ts'

export interface PlannedRun {
  /** As it runs: inputs applied, saved graphs embedded, every reference true. */
  graph: Graph
  plan: Plan
  found: FoundGraph
}

/** @throws RunRefusal 'invalid-graph' with every problem that was found, or why there is no such graph. */
export async function planRun(
  world: RunWorld,
  starter: RunStarter,
  order: RunSettings & RunGiven,
): Promise<PlannedRun> {
  const [planned] = await planRuns(world, starter, order, [order])
  if (!planned) throw new Error('One order gave no plan.')
  return planned
}

/**
 * Plans several runs of one graph, which differ in what they are given. What they share is looked up once.
 * @throws RunRefusal with the problems of all, each with the place of its run in the order when there are several.
 */
export async function planRuns(
  world: RunWorld,
  starter: RunStarter,
  settings: RunSettings,
  givens: readonly RunGiven[],
): Promise<PlannedRun[]> {
  const { db } = world
  await checkCallback(world, starter, settings.callback)
  const [found, models, prices, earlier] = await Promise.all([
    findGraph(db, starter, settings.source),
    readModelsForRun(db, starter),
    readCurrentPrices(db),
    settings.parentRunId === undefined ? null : findEarlierRun(world, starter, settings.parentRunId),
  ])
  const read = readGraph(found.document)
  if (!read.ok) throw refuseGraph(read.problems)
  const embedded = await embedGraphs(
    db,
    starter,
    read.graph,
    found.id === null ? null : { id: found.id, name: found.name },
  )
  if (embedded.problems.length > 0) throw refuseGraph(embedded.problems)

  const keys = keysIn([embedded.graph.nodes, embedded.graph.subgraphs])
  for (const { inputs, params } of givens) keysIn([inputs, params], keys)
  const known = await knowArtifacts(world, starter, keys)
  const graph = trueGraph(embedded.graph, known)

  const problems: RunProblem[] = []
  const refuse = (item: number, found: readonly GraphProblem[]) =>
    problems.push(...found.map((problem) => (givens.length > 1 ? { ...problem, item } : problem)))
  const prepared: { graph: Graph; flat: FlatGraph }[] = []
  for (const [item, given] of givens.entries()) {
    const { inputs, params } = given
    const one = prepareGraph(graph, {
      inputs: trueOf(inputs, known),
      params: trueOf(params, known),
      only: settings.only,
    })
    if (one.ok) prepared.push(one)
    else refuse(item, one.problems)
    await breathe(item)
  }
  if (problems.length > 0) throw refuseGraph(problems)

  const planned: PlannedRun[] = []
  const facts: Shared = { world, starter, settings, models, prices, earlier }
  for (const [item, { graph, flat }] of prepared.entries()) {
    const nodes = flat.nodes.map(withoutHiddenPictures)
    const unknown = nodes.flatMap((node) => checkPictures(node, known))
    const made = unknown.length > 0 ? unknown : await compile({ ...flat, nodes }, facts)
    if (Array.isArray(made)) refuse(item, made)
    else planned.push({ graph, plan: made, found })
    await breathe(item)
  }
  if (problems.length > 0) throw refuseGraph(problems)
  return planned
}

interface Shared {
  world: RunWorld
  starter: RunStarter
  settings: RunSettings
  models: ModelsForRun
  prices: Awaited<ReturnType<typeof readCurrentPrices>>
  earlier: EarlierRun | null
}

async function compile(flat: FlatGraph, facts: Shared): Promise<Plan | GraphProblem[]> {
  const { world, starter, settings, models, prices, earlier } = facts
  const listed = await listSources(world, starter, flat, earlier)
  if (listed.problems.length > 0) return listed.problems
  const compiled = compilePlan(flat, {
    drawSeed: () => randomInt(2 ** 32),
    lists: listed.lists,
    models: models.known ?? new Map(),
    prices: prices.prices,
    priceVersion: prices.version,
    fresh: settings.fresh ?? false,
    ...(earlier ? { seeds: earlier.seeds, carryFrom: earlier.id } : {}),
  })
  if (!compiled.ok) return compiled.problems
  const missing = checkModels(compiled.plan, models)
  if (missing.length > 0) return missing
  const outside = await checkOutside(world, starter, compiled.plan)
  return outside.length > 0 ? outside : compiled.plan
}

type Known = Parameters<typeof withTrueReferences>[1]

/** References change into references and nothing else changes its shape. */
const trueOf = <T>(value: T, known: Known): T => withTrueReferences(value as JsonValue, known) as T

const trueNode = (node: GraphNode, known: Known): GraphNode => ({
  ...node,
  params: trueOf(node.params, known),
  ...(node.pinned ? { pinned: trueOf(node.pinned, known) } : {}),
})

const trueGraph = (graph: Graph, known: Known): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => trueNode(node, known)),
  subgraphs: Object.fromEntries(
    Object.entries(graph.subgraphs).map(([name, body]) => [
      name,
      { ...body, nodes: body.nodes.map((node) => trueNode(node, known)) },
    ]),
  ),
})

/** A thousand plans take seconds: other requests are answered in between. */
async function breathe(index: number): Promise<void> {
  if (index % 20 === 19) await new Promise((resolve) => setImmediate(resolve))
}
