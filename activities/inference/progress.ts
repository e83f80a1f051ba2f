/** Passes on how far a piece of work is, no faster than people can see it. */
import type { TaskRef } from '@defect-studio/nodes'

export interface Progress extends Pick<TaskRef, 'runId' | 'nodeId' | 'itemIndex'> {
  step: number
  total: number
}

/** Must not throw; nobody waits for it. */
export type ReportProgress = (progress: Progress) => void

/** Four times a second; the last step always arrives. */
const leastPauseMs = 250

export function createProgress(
  { runId, nodeId, itemIndex }: TaskRef,
  report: ReportProgress,
  now: () => number,
): (step: number, total: number) => void {
  let last = -Infinity
  return (step, total) => {
    const time = now()
    if (step < total && time - last < leastPauseMs) return
    last = time
    report({ runId, nodeId, itemIndex, step, total })
  }
}
