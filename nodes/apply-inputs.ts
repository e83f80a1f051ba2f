/** Puts what a run is given into a copy of its graph: values for declared inputs, overrides of single params. */
import { z } from 'zod'
import { JsonValue } from './json-value.ts'
import type { Graph, GraphNode } from './graph.ts'
import { findDefinition } from './node-definitions.ts'
import { NamedCollection, NamedImage } from './params.ts'
import type { GraphProblem } from './problem.ts'

/** Every name that a graph does not know becomes a problem of its own: without a bound the list fills the memory. */
function atMost(most: number, what: string) {
  return z
    .record(z.string(), JsonValue)
    .refine((given) => Object.keys(given).length <= most, `A run may be given ${most} ${what} at most.`)
    .default({})
}

/** What a run gets by name: values for declared inputs, and overrides written `nodeId.field`. */
export const RunInputs = z.object({
  inputs: atMost(50, 'inputs'),
  params: atMost(1000, 'params'),
})
export type RunInputs = z.infer<typeof RunInputs>

/** @returns a changed copy of the graph, and every name that the graph does not know. */
export function applyInputs(graph: Graph, given: RunInputs): { graph: Graph; problems: GraphProblem[] } {
  // A list, not a map: two nodes with one id must both arrive at `checkGraph`, which refuses them.
  const nodes = graph.nodes.map((node) => ({ ...node, params: { ...node.params } }))
  const inputs = graph.inputs.map((input) => ({ ...input }))
  const find = (id: string | undefined) => nodes.find((node) => node.id === id)
  const problems: GraphProblem[] = []
  for (const [name, value] of Object.entries(given.inputs)) {
    const declared = inputs.find((input) => input.name === name)
    const node = find(declared?.nodeId)
    if (declared && node) {
      // A loader that changes its type has its one param under another name.
      const field = setParam(node, declared.field, value)
      for (const input of inputs)
        if (input.nodeId === node.id && input.field === declared.field) input.field = field
      continue
    }
    const known = graph.inputs.map((input) => `"${input.name}"`).join(', ') || 'none'
    problems.push({
      code: 'unknown-graph-input',
      field: name,
      message: `The graph has no input "${name}"; it has: ${known}.`,
      remedy: 'Name one of its inputs, or declare this one in the editor.',
    })
  }
  for (const [path, value] of Object.entries(given.params)) {
    const dot = path.indexOf('.')
    const node = dot > 0 ? find(path.slice(0, dot)) : undefined
    const field = path.slice(dot + 1)
    if (node && Object.hasOwn(findDefinition(node.type)?.params.shape ?? {}, field)) {
      node.params[field] = value
      continue
    }
    problems.push({
      code: 'bad-param',
      field: path,
      ...(node ? { nodeId: node.id } : {}),
      message: `"${path}" names no param of this graph.`,
      remedy: 'Write it as node id, a dot, and the name of the param.',
    })
  }
  return { graph: { ...graph, nodes, inputs }, problems }
}

/**
 * An image may stand where a folder is asked for and the other way round: the node changes its type for this
 * run. Returns the name of the param that was set.
 */
function setParam(node: GraphNode, field: string, value: JsonValue): string {
  const isFolder = NamedCollection.safeParse(value).success
  const isImage = !isFolder && NamedImage.safeParse(value).success
  if (node.type === 'load-image' && isFolder) {
    node.type = 'load-folder'
    node.params = { folder: value }
    return 'folder'
  }
  if (node.type === 'load-folder' && isImage) {
    node.type = 'load-image'
    node.params = { image: value }
    return 'image'
  }
  node.params[field] = value
  return field
}
