/** Says what keeps a graph from running, or what it would cost, without looking for its pictures and keeping nothing. */
import { randomInt } from 'node:crypto'
import {
  collectionMediaType,
  type CollectionRef,
  compilePlan,
  findDefinition,
  type FlatNode,
  type GraphProblem,
  prepareGraph,
  readGraph,
  type RunInputs,
} from '@defect-studio/nodes'
import { readSource } from '../sources/list-source.ts'
import { readCurrentPrices } from './current-prices.ts'
import { embedGraphs } from './embed-graphs.ts'
import type { RunStarter, RunWorld } from './run-order.ts'

/** Empty problems: it costs `quote` whole tokens at most. */
export interface Verdict {
  problems: GraphProblem[]
  quote: number | null
}

export async function judgeGraph(
  world: RunWorld,
  starter: RunStarter,
  document: unknown,
  given: RunInputs,
): Promise<Verdict> {
  const read = readGraph(document)
  if (!read.ok) return refused(read.problems)
  const embedded = await embedGraphs(world.db, starter, read.graph, null)
  if (embedded.problems.length > 0) return refused(embedded.problems)
  const prepared = prepareGraph(embedded.graph, given)
  if (!prepared.ok) return refused(prepared.problems)
  const lists = new Map<string, { collection: CollectionRef; names: readonly string[] }>()
  const problems: GraphProblem[] = []
  for (const node of prepared.flat.nodes) {
    if (findDefinition(node.type)?.kind !== 'source' || node.pinned) continue
    const listed = await rememberedNames(world, starter, node)
    if (Array.isArray(listed))
      lists.set(node.id, { collection: unstored(node.id, listed.length), names: listed })
    else problems.push({ ...listed.problem, nodeId: node.id })
  }
  if (problems.length > 0) return refused(problems)
  const { prices, version } = await readCurrentPrices(world.db)
  const compiled = compilePlan(prepared.flat, {
    drawSeed: () => 0,
    lists,
    models: new Map(),
    prices,
    priceVersion: version,
  })
  return compiled.ok ? { problems: [], quote: compiled.plan.quote } : refused(compiled.problems)
}

const refused = (problems: GraphProblem[]): Verdict => ({ problems, quote: null })

/** Two nodes have two lists, as far as a verdict goes; names decide whether they pair. */
const unstored = (nodeId: string, count: number): CollectionRef => ({
  key: Buffer.from(nodeId).toString('hex').padEnd(64, '0').slice(0, 64),
  mediaType: collectionMediaType,
  bytes: 0,
  count,
})

type Listed = string[] | Extract<Awaited<ReturnType<typeof readSource>>, { problem: unknown }>

/** A graph is judged with every change that somebody draws; a bucket is not listed each time. */
const rememberMs = 30_000
const mostRemembered = 50
const remembered = new Map<string, { at: number; listed: Promise<Listed> }>()

function rememberedNames(world: RunWorld, starter: RunStarter, node: FlatNode): Promise<Listed> {
  const key = JSON.stringify([starter.memberId, node.type, node.params])
  const known = remembered.get(key)
  if (known && Date.now() - known.at < rememberMs) return known.listed
  const { db, artifacts, sources: config } = world
  const listed = readSource(
    { db, artifacts, config, drawSeed: () => randomInt(2 ** 32) },
    starter,
    node,
  ).then((read) => ('problem' in read ? read : read.items.map(({ name }) => name)))
  listed.catch(() => remembered.delete(key))
  remembered.delete(key)
  remembered.set(key, { at: Date.now(), listed })
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostRemembered) break
    remembered.delete(oldest)
  }
  return listed
}
