/** What a run takes over from the one that it takes up again: seeds, and the lists that its sources had. */
import { findDefinition, paramMeta, Plan, type PlannedNode } from '@defect-studio/nodes'
import type { RunStarter, RunWorld } from './run-order.ts'
import { RunRefusal } from './run-refusal.ts'

export interface EarlierRun {
  id: string
  /** `nodeId.field` → what was drawn, or given. */
  seeds: ReadonlyMap<string, number>
  nodes: ReadonlyMap<string, PlannedNode>
}

/** @throws RunRefusal 'not-found' when it is not the starter's. */
export async function findEarlierRun(
  { db }: RunWorld,
  { memberId }: RunStarter,
  runId: string,
): Promise<EarlierRun> {
  const run = await db.run.findFirst({
    where: { id: runId, ownerId: memberId },
    select: { id: true, plan: true },
  })
  if (!run) throw new RunRefusal('not-found', 'There is no such run, or it is not yours.')
  const plan = Plan.safeParse(run.plan)
  // An earlier version of the studio planned it: there is nothing to take over, and the graph still runs.
  const nodes = plan.success ? plan.data.nodes : []
  return {
    id: run.id,
    seeds: new Map(nodes.flatMap(seedsOf)),
    nodes: new Map(nodes.map((node) => [node.id, node])),
  }
}

function seedsOf(node: PlannedNode): [string, number][] {
  const definition = findDefinition(node.type)
  if (!definition) return []
  return paramMeta(definition).flatMap(([field, meta]): [string, number][] => {
    const seed = node.params[field]
    return meta.widget === 'seed' && typeof seed === 'number' ? [[`${node.id}.${field}`, seed]] : []
  })
}
