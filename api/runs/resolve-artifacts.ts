/** Replaces what a request says about its pictures by what the studio knows: size, type and count are never believed. */
import {
  collectionMediaType,
  findDefinition,
  type Graph,
  type GraphNode,
  type GraphProblem,
  NamedCollection,
  NamedImage,
  paramMeta,
  type ParamMeta,
} from '@defect-studio/nodes'
import { readCollection } from '@defect-studio/stores'
import { type ArtifactRow, readableArtifacts } from '@defect-studio/stores'
import type { Caller } from '../auth/caller.ts'
import type { Studio } from '../studio.ts'

interface Place {
  node: GraphNode
  field: string
  widget: ParamMeta['widget']
  key: string
}

/** The graph with true references, or what is wrong with them. Params that no form shows lose theirs. */
export async function resolveArtifacts(
  studio: Pick<Studio, 'db' | 'artifacts'>,
  caller: Caller,
  graph: Graph,
): Promise<{ graph: Graph; problems: GraphProblem[] }> {
  const nodes = graph.nodes.map((node) => ({ ...node, params: { ...node.params } }))
  const places = nodes.flatMap(artifactPlaces)
  const readable = await readableArtifacts(
    studio.db,
    caller,
    places.map((place) => place.key),
  )
  const problems: GraphProblem[] = []
  for (const place of places) {
    const row = readable.get(place.key)
    const problem =
      place.widget === 'collection'
        ? await resolveCollection(studio, caller, place, row)
        : resolveImage(place, row)
    if (problem)
      problems.push({ code: 'unknown-artifact', nodeId: place.node.id, field: place.field, ...problem })
  }
  return { graph: { ...graph, nodes }, problems }
}

function artifactPlaces(node: GraphNode): Place[] {
  const definition = findDefinition(node.type)
  if (!definition) return []
  return paramMeta(definition).flatMap(([field, { widget, showWhen }]): Place[] => {
    if (widget !== 'image' && widget !== 'drawn-mask' && widget !== 'collection') return []
    if (showWhen && node.params[showWhen.field] !== showWhen.equals) {
      // A drawing that is left over from another mode is not used, so it need not be readable either.
      if (node.params[field] !== undefined) node.params[field] = null
      return []
    }
    const value = (widget === 'collection' ? NamedCollection : NamedImage).safeParse(node.params[field])
    return value.success ? [{ node, field, widget, key: value.data.key }] : []
  })
}

type Reason = Pick<GraphProblem, 'message' | 'remedy'> | null

function resolveImage({ node, field }: Place, row: ArtifactRow | undefined): Reason {
  const { name } = NamedImage.parse(node.params[field])
  if (!row?.width || !row.height)
    return {
      message: `The picture "${name}" is not in the studio, or it is not yours.`,
      remedy: 'Upload it, or pick another one.',
    }
  const { key, mediaType, width, height } = row
  node.params[field] = { name, key, mediaType, width, height, bytes: Number(row.bytes) }
  return null
}

async function resolveCollection(
  studio: Pick<Studio, 'db' | 'artifacts'>,
  caller: Caller,
  { node, field }: Place,
  row: ArtifactRow | undefined,
): Promise<Reason> {
  const { name } = NamedCollection.parse(node.params[field])
  if (row?.mediaType !== collectionMediaType)
    return {
      message: `The folder "${name}" is not in the studio, or it is not yours.`,
      remedy: 'Choose it again.',
    }
  const { items } = await readCollection(studio.artifacts, row)
  const pictures = await readableArtifacts(
    studio.db,
    caller,
    items.map((item) => item.image.key),
  )
  const gone = items.filter((item) => !pictures.has(item.image.key))
  if (gone.length > 0)
    return {
      message: `${gone.length} pictures of the folder "${name}" are not in the studio, such as "${gone[0]?.name}".`,
      remedy: 'Choose the folder again.',
    }
  const { key, mediaType } = row
  node.params[field] = { name, key, mediaType, bytes: Number(row.bytes), count: items.length }
  return null
}
