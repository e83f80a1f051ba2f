/** What a node of type `subgraph` says: which subgraph it stands for, and what it gives to its inputs. */
import { z } from 'zod'
import { subgraphType, type Graph, type GraphNode, type Subgraph } from './graph.ts'
import { JsonValue } from './json-value.ts'

export const SubgraphParams = z.object({
  subgraph: z.string().min(1).max(64),
  /** Declared input → value; what is not named keeps the value that the subgraph was saved with. */
  values: z.record(z.string(), JsonValue).default({}),
})
export type SubgraphParams = z.infer<typeof SubgraphParams>

export type Subgraphs = Graph['subgraphs']

/** The subgraph that a node stands for, or null when it is no such node or names none that is there. */
export function subgraphOf(
  node: Pick<GraphNode, 'type' | 'params'>,
  subgraphs: Subgraphs,
): { name: string; subgraph: Subgraph; values: SubgraphParams['values'] } | null {
  if (node.type !== subgraphType) return null
  const params = SubgraphParams.safeParse(node.params)
  if (!params.success || !Object.hasOwn(subgraphs, params.data.subgraph)) return null
  const subgraph = subgraphs[params.data.subgraph]
  return subgraph ? { name: params.data.subgraph, subgraph, values: params.data.values } : null
}

/**
 * The param behind a name that people give: of a node, of `outer/inner`, or behind a declared input of a subgraph's
 * node, however deep.
 * @returns null when there is no such node.
 */
export function paramBehind(
  graph: Pick<Graph, 'nodes'> & Partial<Pick<Graph, 'subgraphs'>>,
  path: string,
  field: string,
): { node: GraphNode; field: string } | null {
  const subgraphs = graph.subgraphs ?? {}
  let body: Pick<Subgraph, 'nodes'> = graph
  let steps = path.split('/')
  let name = field
  // A subgraph that contains itself has no end; a path that is longer than any graph is deep names nothing.
  for (let deep = 0; deep < 64; deep++) {
    const [id, ...rest]: string[] = steps
    const node: GraphNode | undefined = body.nodes.find((one) => one.id === id)
    if (!node) return null
    const inner = subgraphOf(node, subgraphs)?.subgraph
    if (rest.length === 0 && !inner) return { node, field: name }
    if (!inner) return null
    body = inner
    steps = rest
    if (rest.length > 0) continue
    const declared = inner.inputs.find((input) => input.name === name)
    if (!declared) return null
    steps = [declared.nodeId]
    name = declared.field
  }
  return null
}
