/** Refuses pictures that are gone or not the reader's, at the node that names them. */
import {
  findDefinition,
  type FlatNode,
  type GraphProblem,
  isShown,
  NamedImage,
  paramMeta,
} from '@defect-studio/nodes'
import { keysIn, type KnownArtifacts } from './true-references.ts'

/** What a source node loads is looked at when its list is made. */
export function checkPictures(node: FlatNode, known: KnownArtifacts): GraphProblem[] {
  if (node.pinned) {
    const gone = [...keysIn(node.pinned)].filter((key) => !known.has(key))
    return gone.length === 0
      ? []
      : [
          {
            code: 'unknown-artifact',
            nodeId: node.id,
            message: `${gone.length} of its pinned results are not in the studio, or they are not yours.`,
            remedy: 'Unpin its results, or run it again and pin the new ones.',
          },
        ]
  }
  return pictureFields(node).flatMap(([field]): GraphProblem[] => {
    const named = NamedImage.safeParse(node.params[field])
    if (!named.success) return []
    const row = known.get(named.data.key)
    if (row?.width && row.height) return []
    return [
      {
        code: 'unknown-artifact',
        nodeId: node.id,
        field,
        message: `The picture "${named.data.name}" is not in the studio, or it is not yours.`,
        remedy: 'Upload it, or pick another one.',
      },
    ]
  })
}

/** A drawing that is left over from another mode is not used, so it need not be readable either. */
export function withoutHiddenPictures(node: FlatNode): FlatNode {
  const hidden = pictureFields(node, false).filter(([field]) => node.params[field] !== undefined)
  if (hidden.length === 0) return node
  return {
    ...node,
    params: { ...node.params, ...Object.fromEntries(hidden.map(([field]) => [field, null])) },
  }
}

function pictureFields(node: FlatNode, shown = true) {
  const definition = findDefinition(node.type)
  if (!definition) return []
  return paramMeta(definition).filter(
    ([, meta]) =>
      (meta.widget === 'image' || meta.widget === 'drawn-mask') && isShown(meta, node.params) === shown,
  )
}
