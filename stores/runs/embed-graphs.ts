/** Puts the saved graphs that a graph names as subgraphs into it, so that what runs never changes afterwards. */
import { type Graph, type GraphNode, type GraphProblem, readGraph, subgraphType } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { type GraphReader, readableGraphs } from '../access/readable-graphs.ts'

/** Far more than a drawing can show; a bound, so that nobody makes the studio load everything. */
const mostGraphs = 50

const SavedGraphId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

interface Saved {
  name: string
  /** Undefined when it cannot be read. */
  graph?: Graph
}

/**
 * The graph with every `{ graphId }` replaced by a definition of its own in `subgraphs`, or what stands in the way: a
 * graph that is not there or not the reader's, one that cannot be read, graphs that need each other.
 * @param self the saved graph that it is itself, so that a cycle back to it is found.
 */
export async function embedGraphs(
  db: Database,
  reader: GraphReader,
  graph: Graph,
  self: { id: string; name: string } | null,
): Promise<{ graph: Graph; problems: GraphProblem[] }> {
  if (namedBy(graph).length === 0) return { graph, problems: [] }
  const saved = await loadAll(db, reader, graph)
  if (saved === null) return { graph, problems: [tooMany] }
  if (self) saved.set(self.id, { ...saved.get(self.id), name: self.name })
  const embedding = new Embedding(saved, new Set(Object.keys(graph.subgraphs)))
  const whole = embedding.embed(graph, self ? [self.id] : [], true)
  return {
    graph: { ...whole, subgraphs: { ...whole.subgraphs, ...embedding.definitions } },
    problems: embedding.problems,
  }
}

const tooMany: GraphProblem = {
  code: 'graph-too-large',
  message: `This graph uses more than ${mostGraphs} saved graphs, counting those that they use.`,
  remedy: 'Use fewer, or put what belongs together into one.',
}

/** The nodes of a graph and of its own definitions that name a saved graph. */
function namedBy(graph: Graph): { node: GraphNode; graphId: string }[] {
  const bodies = [graph, ...Object.values(graph.subgraphs)]
  return bodies.flatMap(({ nodes }) =>
    nodes.flatMap((node) => {
      const graphId = savedIdOf(node)
      return graphId === null ? [] : [{ node, graphId }]
    }),
  )
}

function savedIdOf(node: GraphNode): string | null {
  const { graphId } = node.params
  if (node.type !== subgraphType || typeof graphId !== 'string') return null
  return SavedGraphId.test(graphId) ? graphId.toLowerCase() : graphId
}

/** One question for each level of nesting. Null when there are too many. */
async function loadAll(db: Database, reader: GraphReader, root: Graph): Promise<Map<string, Saved> | null> {
  const saved = new Map<string, Saved>()
  let wanted = new Set(namedBy(root).map(({ graphId }) => graphId))
  while (wanted.size > 0) {
    if (saved.size + wanted.size > mostGraphs) return null
    const ids = [...wanted].filter((id) => SavedGraphId.test(id))
    const rows = await db.graph.findMany({
      where: { ...readableGraphs(reader), id: { in: ids } },
      select: { id: true, name: true, document: true },
    })
    const next = new Set<string>()
    for (const { id, name, document } of rows) {
      const read = readGraph(document)
      saved.set(id, read.ok ? { name, graph: read.graph } : { name })
      if (read.ok) for (const { graphId } of namedBy(read.graph)) next.add(graphId)
    }
    wanted = new Set([...next].filter((id) => !saved.has(id)))
    // What could not be found is asked for once.
    for (const id of ids) if (!saved.has(id)) saved.set(id, { name: id })
  }
  return saved
}

class Embedding {
  readonly problems: GraphProblem[] = []
  readonly definitions: Graph['subgraphs'] = {}
  readonly #saved: ReadonlyMap<string, Saved>
  /** Saved graph → the name of its definition. */
  readonly #names = new Map<string, string>()

  readonly #taken: Set<string>

  constructor(saved: ReadonlyMap<string, Saved>, taken: Set<string>) {
    this.#saved = saved
    this.#taken = taken
  }

  /**
   * @param path the saved graphs around it, the outermost first.
   * @param isRoot its own definitions keep their names; those of others get new ones, so that they do not meet.
   */
  embed(graph: Graph, path: readonly string[], isRoot: boolean): Graph {
    const names = new Map(
      Object.keys(graph.subgraphs).map((name) => [name, isRoot ? name : this.#freshName()]),
    )
    const replace = (node: GraphNode): GraphNode => {
      const graphId = savedIdOf(node)
      if (graphId !== null) return this.#refer(node, graphId, path)
      const { subgraph } = node.params
      if (node.type !== subgraphType || typeof subgraph !== 'string') return node
      return { ...node, params: { ...node.params, subgraph: names.get(subgraph) ?? subgraph } }
    }
    const subgraphs: Graph['subgraphs'] = {}
    for (const [name, body] of Object.entries(graph.subgraphs))
      subgraphs[names.get(name) ?? name] = { ...body, nodes: body.nodes.map(replace) }
    return { ...graph, nodes: graph.nodes.map(replace), subgraphs }
  }

  #refer(node: GraphNode, graphId: string, path: readonly string[]): GraphNode {
    const { graphId: _replaced, ...params } = node.params
    const found = this.#saved.get(graphId)
    if (path.includes(graphId)) {
      const names = [...path.slice(path.indexOf(graphId)), graphId].map(
        (id) => this.#saved.get(id)?.name ?? id,
      )
      this.#refuse(node, 'cycle', `This graph needs itself: ${names.join(' → ')}.`, 'Take one of them out.')
      return node
    }
    if (!found?.graph) {
      const known = found && found.name !== graphId
      this.#refuse(
        node,
        'unknown-node',
        known
          ? `The graph "${found.name}" cannot be read.`
          : 'The saved graph of this node is not there, or it is not yours.',
        'Choose another graph for it.',
      )
      return node
    }
    return { ...node, params: { ...params, subgraph: this.#define(graphId, found, found.graph, path) } }
  }

  #define(graphId: string, { name: title }: Saved, graph: Graph, path: readonly string[]): string {
    const earlier = this.#names.get(graphId)
    if (earlier !== undefined) return earlier
    const name = this.#freshName()
    this.#names.set(graphId, name)
    const { nodes, edges, inputs, outputs, frames, subgraphs } = this.embed(graph, [...path, graphId], false)
    this.definitions[name] = { title, nodes, edges, inputs, outputs, frames }
    Object.assign(this.definitions, subgraphs)
    return name
  }

  #freshName(): string {
    for (let number = 1; ; number++) {
      const name = `saved-${number}`
      if (this.#taken.has(name)) continue
      this.#taken.add(name)
      return name
    }
  }

  #refuse(node: GraphNode, code: GraphProblem['code'], message: string, remedy: string): void {
    this.problems.push({ code, nodeId: node.id, message, remedy })
  }
}
