/** Which models and which saved graphs a graph names. */
import { findDefinition, paramMeta, readGraph, subgraphType } from '@defect-studio/nodes'

export interface Named {
  models: ReadonlySet<string>
  /** Saved graphs that it uses as steps. */
  graphs: ReadonlySet<string>
}

/** @param document as it is kept; one that cannot be read names nothing. */
export function namedIn(document: unknown): Named {
  const models = new Set<string>()
  const graphs = new Set<string>()
  const read = readGraph(document)
  if (!read.ok) return { models, graphs }
  for (const { nodes } of [read.graph, ...Object.values(read.graph.subgraphs)])
    for (const node of nodes) {
      const { graphId } = node.params
      if (node.type === subgraphType && typeof graphId === 'string') graphs.add(graphId.toLowerCase())
      const definition = findDefinition(node.type)
      if (!definition) continue
      // Hidden ones count as well: what hides them may be given with the run.
      for (const [field, { widget }] of paramMeta(definition)) {
        const model = node.params[field]
        if (widget === 'model' && typeof model === 'string') models.add(model)
      }
    }
  return { models, graphs }
}

/** Whether the text stands anywhere in what is given with runs. */
export function hasText(value: unknown, text: string): boolean {
  if (value === text) return true
  return typeof value === 'object' && value !== null && Object.values(value).some((one) => hasText(one, text))
}
