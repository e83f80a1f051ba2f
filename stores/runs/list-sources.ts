/** Makes the lists that a run's sources map over, so that names and counts are known before anything runs. */
import { isDeepStrictEqual } from 'node:util'
import {
  type CollectionRef,
  findDefinition,
  type FlatGraph,
  type FlatNode,
  type GraphProblem,
  StudioError,
} from '@defect-studio/nodes'
import { readCollection } from '../collections/collections.ts'
import { listSource } from '../sources/list-source.ts'
import type { EarlierRun } from './earlier-run.ts'
import type { RunStarter, RunWorld } from './run-order.ts'

interface SourceList {
  collection: CollectionRef
  names: readonly string[]
}

export async function listSources(
  world: RunWorld,
  starter: RunStarter,
  flat: FlatGraph,
  earlier: EarlierRun | null,
): Promise<{ lists: Map<string, SourceList>; problems: GraphProblem[] }> {
  const lists = new Map<string, SourceList>()
  const problems: GraphProblem[] = []
  const { db, artifacts, sources: config } = world
  for (const node of flat.nodes) {
    if (findDefinition(node.type)?.kind !== 'source' || node.pinned) continue
    const kept = await keptList(world, node, earlier)
    const listed = kept ?? (await listSource({ db, artifacts, config }, starter, node))
    if ('problem' in listed) problems.push({ ...listed.problem, nodeId: node.id })
    else lists.set(node.id, listed)
  }
  return { lists, problems }
}

/** A run that is taken up again works on what it worked on, also where seeds were drawn or files came since. */
async function keptList(
  { artifacts }: RunWorld,
  node: FlatNode,
  earlier: EarlierRun | null,
): Promise<SourceList | null> {
  const before = earlier?.nodes.get(node.id)
  const parsed = findDefinition(node.type)?.params.safeParse(node.params)
  if (!before?.collection || before.type !== node.type || !parsed?.success) return null
  if (!isDeepStrictEqual({ ...parsed.data }, { ...before.params })) return null
  try {
    const { items } = await readCollection(artifacts, before.collection)
    return { collection: before.collection, names: items.map(({ name }) => name) }
  } catch (error) {
    if (error instanceof StudioError && error.type === 'artifact-missing') return null
    throw error
  }
}
