/** Books kept in memory, as strict as the real ones: tests of the interpreter read from them what it wrote. */
import { ApplicationFailure } from '@temporalio/common'
import type { Bookkeeping, Failure, ItemOutputs, Plan, TaskRef } from '@defect-studio/nodes'

type Resolution = 'open' | 'captured' | 'released'

export interface MemoryBooks extends Bookkeeping {
  plans: Map<string, Plan>
  /** `node state` in the order in which they were written; a failure's message follows. */
  marks: string[]
  /** `node#index` → what became of its hold. */
  holds: Map<string, Resolution>
  outputs: Map<string, ItemOutputs>
  ends: Map<string, { status: string; failure?: Failure }>
  /** Names that a member without tokens cannot pay for. */
  tooDear: Set<string>
}

const keyOf = (task: TaskRef) => `${task.nodeId}#${task.itemIndex}`

export function createMemoryBooks(): MemoryBooks {
  const books: MemoryBooks = {
    plans: new Map(),
    marks: [],
    holds: new Map(),
    outputs: new Map(),
    ends: new Map(),
    tooDear: new Set(),
    async beginRun({ runId }) {
      const plan = books.plans.get(runId)
      if (!plan) throw ApplicationFailure.nonRetryable(`There is no run "${runId}".`, 'invalid-graph')
      return plan
    },
    async markNode({ nodeId, state, failure }) {
      books.marks.push([nodeId, state, ...(failure ? [failure.message] : [])].join(' '))
    },
    async prepareItem({ task }) {
      const key = keyOf(task)
      const outputs = books.outputs.get(key)
      if (outputs) return { kind: 'done', outputs }
      if (books.tooDear.has(task.itemName))
        return {
          kind: 'refused',
          failure: { type: 'insufficient-tokens', message: 'You have 0 tokens.', remedy: 'Ask.' },
        }
      books.holds.set(key, 'open')
      return { kind: 'held', holdId: key }
    },
    async settleItem({ task, holdId, outputs }) {
      if (holdId !== null) resolve(holdId, 'captured')
      books.outputs.set(keyOf(task), outputs)
    },
    async abandonItem({ task }) {
      if (books.holds.has(keyOf(task))) resolve(keyOf(task), 'released')
    },
    async endRun({ runId, ...end }) {
      books.ends.set(runId, end)
    },
  }
  function resolve(holdId: string, how: Resolution): void {
    const now = books.holds.get(holdId)
    if (now !== 'open' && now !== how) throw new Error(`Hold ${holdId} is ${now}; it cannot become ${how}.`)
    books.holds.set(holdId, how)
  }
  return books
}
