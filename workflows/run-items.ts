/** Items of one node that are prepared, worked on and settled together: one of them, or a chunk of a batch. */
import type {
  Failure,
  ItemEndEntry,
  ItemOutputs,
  PreparedItem,
  Preparation,
  TaskRef,
} from '@defect-studio/nodes'
import { isCacheable } from '@defect-studio/nodes'
import { createCallRound, type CallRound } from './call-round.ts'
import { failureOf } from './failure-of.ts'
import type { ItemEnd } from './item-end.ts'
import type { ItemGroup } from './pair-items.ts'
import type { ReadNode } from './read-plan.ts'
import type { World } from './world.ts'

/** How an item of a node is done; the same for every item of it. */
export interface ItemWork<R = unknown> {
  /** By what the books know it. Never throws. */
  prepared(group: ItemGroup): PreparedItem
  work(group: ItemGroup, round: CallRound): Promise<R>
  /** What is written down of what `work` gave. */
  outputsOf(group: ItemGroup, result: R): ItemOutputs
}

/** Milliseconds between two looks at a result that somebody else is making; doubled from the first to the second. */
export const shortestWait = 250
export const longestWait = 5_000

/** Never rejects; ends are in the order of the groups. */
export async function runItems<R>(
  world: World,
  node: ReadNode,
  groups: readonly ItemGroup[],
  how: ItemWork<R>,
  wait = shortestWait,
): Promise<ItemEnd[]> {
  if (groups.length === 0) return []
  const ends = new Map<ItemGroup, ItemEnd>()
  const endsInOrder = () =>
    groups.map((group) => ends.get(group) ?? ({ state: 'cancelled' } satisfies ItemEnd))
  if (node.definition.immediate) {
    if (await goesOn(world)) await workOn(world, node, groups, how, undefined, ends)
    return endsInOrder()
  }
  const answers = await prepare(world, node, groups, how)
  if (!Array.isArray(answers)) return groups.map(() => answers)

  const held: ItemGroup[] = []
  const waiting: ItemGroup[] = []
  let server: string | undefined
  for (const [place, group] of groups.entries()) {
    const answer = answers[place]
    if (answer?.kind === 'done') {
      ends.set(group, { state: 'succeeded', outputs: answer.outputs, cached: answer.cached })
    } else if (answer?.kind === 'refused') {
      ends.set(group, { state: 'failed', failure: answer.failure })
      failRunIfAsked(world, node.planned, answer.failure)
    } else if (answer?.kind === 'wait') waiting.push(group)
    else {
      held.push(group)
      server ??= answer?.server
    }
  }
  const refused = groups.filter((group) => ends.get(group)?.state === 'failed')
  settle(world, node, refused, ends, undefined)

  const both = [
    workOn(world, node, held, how, server, ends),
    lookAgain(world, node, waiting, how, wait, ends),
  ]
  await Promise.all(both)
  return endsInOrder()
}

/** @returns what the books say of each item, or how all of them end. */
async function prepare(
  world: World,
  { planned, definition }: ReadNode,
  groups: readonly ItemGroup[],
  how: Pick<ItemWork, 'prepared'>,
): Promise<Preparation[] | ItemEnd> {
  try {
    if (!(await goesOn(world))) return { state: 'cancelled' }
    return await world.books.prepare({
      nodeId: planned.id,
      price: planned.price,
      lookUp: isCacheable(definition) && !world.fresh,
      items: groups.map((group) => how.prepared(group)),
    })
  } catch (error) {
    return world.isStop(error) ? { state: 'cancelled' } : { state: 'failed', failure: failureOf(error) }
  }
}

/** Waits while the run is paused. @returns false when it has been stopped. */
async function goesOn(world: World): Promise<boolean> {
  if (world.isStopped()) return false
  await world.ready()
  // Between the message that the run goes on and this moment it may have been stopped.
  return !world.isStopped()
}

/** From here on tokens are held: every way out settles them. */
async function workOn<R>(
  world: World,
  node: ReadNode,
  held: readonly ItemGroup[],
  how: ItemWork<R>,
  server: string | undefined,
  ends: Map<ItemGroup, ItemEnd>,
): Promise<void> {
  const { planned, definition, params } = node
  const round = createCallRound(world, {
    title: planned.title,
    pictures: definition.fanOut?.(params) ?? 1,
    attempts: planned.attempts,
    ...(server === undefined ? {} : { server }),
  })
  function failed(error: unknown): ItemEnd {
    // A cancellation that nobody asked for is a failure like any other.
    if (world.isStop(error)) return { state: 'cancelled' }
    const failure = failureOf(error)
    failRunIfAsked(world, planned, failure)
    return { state: 'failed', failure }
  }
  function succeeded(group: ItemGroup, result: R): ItemEnd {
    try {
      return { state: 'succeeded', outputs: how.outputsOf(group, result), cached: false }
    } catch (error) {
      return failed(error)
    }
  }
  // With callbacks, not with one async function for each item: in a workflow every promise costs as much as the work
  // of an item, because the SDK keeps where it was made.
  await new Promise<void>((resolve) => {
    let open = held.length
    const end = (group: ItemGroup, is: ItemEnd) => {
      ends.set(group, is)
      open -= 1
      if (open === 0) resolve()
    }
    if (open === 0) resolve()
    for (const group of held)
      if (world.isStopped()) end(group, { state: 'cancelled' })
      else
        try {
          how.work(group, round).then(
            (result) => end(group, succeeded(group, result)),
            (error: unknown) => end(group, failed(error)),
          )
        } catch (error) {
          end(group, failed(error))
        }
  })
  settle(world, node, held, ends, round)
}

/** Somebody else is making the same; what they make is there soon, or they give it up. */
async function lookAgain<R>(
  world: World,
  node: ReadNode,
  waiting: readonly ItemGroup[],
  how: ItemWork<R>,
  wait: number,
  ends: Map<ItemGroup, ItemEnd>,
): Promise<void> {
  if (waiting.length === 0) return
  try {
    await world.sleep(wait)
  } catch (error) {
    const end: ItemEnd = world.isStop(error)
      ? { state: 'cancelled' }
      : { state: 'failed', failure: failureOf(error) }
    for (const group of waiting) ends.set(group, end)
    return settle(world, node, waiting, ends, undefined)
  }
  const later = await runItems(world, node, waiting, how, Math.min(longestWait, wait * 2))
  for (const [place, group] of waiting.entries()) ends.set(group, later[place] ?? { state: 'cancelled' })
}

function settle(
  world: World,
  { planned, definition }: ReadNode,
  groups: readonly ItemGroup[],
  ends: ReadonlyMap<ItemGroup, ItemEnd>,
  round: CallRound | undefined,
): void {
  const items = groups.flatMap((group): ItemEndEntry[] => {
    const end = ends.get(group)
    if (!end) return []
    const { index, name } = group
    const item = definition.immediate ? { index, name } : { index }
    if (end.state === 'succeeded')
      return [{ ...item, state: 'succeeded', outputs: end.outputs, worker: round?.workerOf(index) ?? null }]
    if (end.state === 'failed') return [{ ...item, state: 'failed', failure: end.failure }]
    return [{ ...item, state: 'cancelled' }]
  })
  if (items.length > 0) world.books.note({ kind: 'settle', nodeId: planned.id, price: planned.price, items })
}

function failRunIfAsked(world: World, planned: ReadNode['planned'], failure: Failure): void {
  if (planned.onFailure === 'fail-run') world.failRun(planned, failure)
}

export const taskOf = (world: World, { planned }: ReadNode, group: ItemGroup): TaskRef => ({
  runId: world.runId,
  nodeId: planned.id,
  itemIndex: group.index,
  itemName: group.name,
})
