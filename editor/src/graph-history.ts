/** Undo and redo: the graphs before and after this one, with edits of one kind close in time taken as one. */
import type { Graph } from '@defect-studio/nodes'

export interface History {
  present: Graph
  past: readonly Graph[]
  future: readonly Graph[]
  /** What the last edit was, and when: another of the same group soon after joins it. */
  last: { group: string; at: number } | null
}

/** Steps that are kept. A graph of 500 nodes shares most of its memory with the one before it. */
const maxSteps = 500
/** A pause in typing of this many milliseconds begins a new step. */
const groupGap = 1000

export const startHistory = (present: Graph): History => ({ present, past: [], future: [], last: null })

/**
 * @param group edits with the same group are one step while less than a second lies between them; null: never.
 * @param now milliseconds
 */
export function record(history: History, next: Graph, group: string | null, now: number): History {
  if (next === history.present) return history
  const joins =
    group !== null &&
    history.last?.group === group &&
    // A drag carries its own number and is one step however long it takes.
    (group.startsWith('drag-') || now - history.last.at < groupGap)
  return {
    present: next,
    past: joins ? history.past : [...history.past, history.present].slice(-maxSteps),
    future: [],
    last: group === null ? null : { group, at: now },
  }
}

export function undo(history: History): History {
  const previous = history.past.at(-1)
  if (!previous) return history
  return {
    present: previous,
    past: history.past.slice(0, -1),
    future: [history.present, ...history.future],
    last: null,
  }
}

export function redo(history: History): History {
  const [next, ...future] = history.future
  if (!next) return history
  return { present: next, past: [...history.past, history.present], future, last: null }
}
