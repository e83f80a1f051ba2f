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
