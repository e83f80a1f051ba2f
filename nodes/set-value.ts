/** Gives a node a value for one of its params, where it may be of another kind than the node was drawn for. */
import { subgraphType, type GraphNode } from './graph.ts'
import type { JsonValue } from './json-value.ts'
import { NamedCollection, NamedImage } from './params.ts'
import { SubgraphParams } from './subgraph-params.ts'

/**
 * Changes the node. An image may stand where a folder is asked for and the other way round: the node then changes its
 * type for this run. For a node that stands for a subgraph `field` is one of its declared inputs.
 * @returns the param that was set, which has another name when the type changed.
 */
export function setValue(node: Pick<GraphNode, 'type' | 'params'>, field: string, value: JsonValue): string {
  if (node.type === subgraphType) {
    const before = SubgraphParams.safeParse(node.params)
    const values = before.success ? before.data.values : {}
    node.params = { ...node.params, values: { ...values, [field]: value } }
    return field
  }
  const isFolder = NamedCollection.safeParse(value).success
  const isImage = !isFolder && NamedImage.safeParse(value).success
  if (node.type === 'load-image' && field === 'image' && isFolder) {
    node.type = 'load-folder'
    node.params = { folder: value }
    return 'folder'
  }
  if (node.type === 'load-folder' && field === 'folder' && isImage) {
    node.type = 'load-image'
    node.params = { image: value }
    return 'image'
  }
  node.params = { ...node.params, [field]: value }
  return field
}
