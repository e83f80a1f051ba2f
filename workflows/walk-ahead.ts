/**
 * Walks a plan as far as results of before reach, without doing anything: whoever begins an unchanged run asks the
 * database once for all of it, instead of once for every step.
 */
import type { BookEntry, ItemOutputs, Plan, Preparation } from '@defect-studio/nodes'
import type { BooksQueue } from './books-queue.ts'
import { noItems } from './item-end.ts'
import { wholeLists, type ListReader } from './read-lists.ts'
import { needsOf, readPlan } from './read-plan.ts'
import { runNode } from './run-node.ts'
import { walkPlan } from './walk-plan.ts'
import type { World } from './world.ts'

export interface Ahead extends ListReader {
  /** @returns what each item is known to give; null when that of one of them is not. */
  find(entry: Extract<BookEntry, { kind: 'prepare' }>): Promise<ItemOutputs[] | null>
}

/** Nobody knows what comes here before it is done. */
class Unknown extends Error {}
const unknown = () => Promise.reject(new Unknown())

/** Resolves when it goes no further. Rejects only when `find` or `readItems` do. */
export async function walkAhead(runId: string, plan: Plan, ahead: Ahead): Promise<void> {
  const read = readPlan(plan)
  if (!read.ok) return
  const world = aheadWorld(runId, plan, ahead)
  await walkPlan(plan, {
    async run(planned, inputs) {
      const node = read.nodes.get(planned.id)
      return node ? runNode(world, node, inputs) : unknownEnd()
    },
    runSegment: async () => new Map(),
    pass: unknownEnd,
    needs(planned) {
      const node = read.nodes.get(planned.id)
      return node ? needsOf(node) : { kind: 'any' }
    },
    isStopped: () => false,
  })
}

/** What cannot be known ends as what is stopped does: nothing comes after it. */
const unknownEnd = () =>
  ({
    state: 'skipped',
    outputs: {},
    way: { partial: true, broken: true },
    counts: noItems,
  }) as const

function aheadWorld(runId: string, plan: Plan, ahead: Ahead): World {
  return {
    runId,
    books: aheadBooks(ahead),
    fresh: plan.fresh,
    drained: () => Promise.resolve(),
    ready: () => Promise.resolve(),
    sleep: unknown,
    isStopped: () => false,
    isStop: (error) => error instanceof Unknown,
    send: unknown,
    now: () => 0,
    failRun: () => {},
    waitForReview: unknown,
    gather: unknown,
    ...wholeLists(ahead),
    spread: (groups, work) => work(groups),
    worked: () => {},
    marksNodes: false,
  }
}

function aheadBooks({ find }: Ahead): BooksQueue {
  return {
    async prepare(entry): Promise<Preparation[]> {
      const isShared = entry.lookUp && entry.items.every(({ recipe }) => recipe !== null)
      const found = isShared ? await find({ kind: 'prepare', ...entry }) : null
      if (!found) throw new Unknown()
      return found.map((outputs) => ({ kind: 'done', outputs, cached: true }))
    },
    note: () => {},
    call: unknown,
    written: () => Promise.resolve(),
  }
}
