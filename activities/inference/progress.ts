/** Passes on how far a piece of work is, no faster than people can see it. */
import type { TaskRef } from '@defect-studio/nodes'
import type { Work } from './pipeline.ts'

export interface Progress extends Pick<TaskRef, 'runId' | 'nodeId' | 'itemIndex'> {
  step: number
  total: number
  /** A small picture as a data URL: how the work looks so far. */
  preview?: string
}

/** Must not throw; nobody waits for it. */
export type ReportProgress = (progress: Progress) => void

/** Four times a second; the last step always arrives. */
const leastPauseMs = 250

export function createProgress(
  { runId, nodeId, itemIndex }: TaskRef,
  report: ReportProgress,
  now: () => number,
): Work['onStep'] {
  let last = -Infinity
  let furthest = 0
  // A preview that comes between two reports goes with the next one.
  let waiting: string | undefined
  return (step, total, preview) => {
    waiting = preview ?? waiting
    // A preview is made beside the work, and may come when the next step has been told already.
    furthest = preview === undefined ? step : Math.max(step, furthest)
    const time = now()
    if (furthest < total && time - last < leastPauseMs) return
    last = time
    report({ runId, nodeId, itemIndex, step: furthest, total, ...(waiting ? { preview: waiting } : {}) })
    waiting = undefined
  }
}
