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

/** Ten times a second for a node, however many items of it go by; the last step always arrives. */
const leastPauseMs = 100
/** Nodes that are remembered before those that are quiet are forgotten. */
const mostNodes = 1000

interface NodePace {
  sentAt: number
  waiting: Progress | null
  timer: NodeJS.Timeout | null
}

/** @returns what makes an `onStep` for each task; they share the pace of their node. */
export function createProgress(report: ReportProgress, now: () => number): (task: TaskRef) => Work['onStep'] {
  const paces = new Map<string, NodePace>()

  function paceOf({ runId, nodeId }: Progress): NodePace {
    const key = `${runId} ${nodeId}`
    const known = paces.get(key)
    if (known) return known
    if (paces.size >= mostNodes)
      for (const [other, { timer }] of paces) if (timer === null) paces.delete(other)
    const pace: NodePace = { sentAt: -Infinity, waiting: null, timer: null }
    paces.set(key, pace)
    return pace
  }

  function send(pace: NodePace): void {
    if (pace.timer) clearTimeout(pace.timer)
    pace.timer = null
    if (!pace.waiting) return
    pace.sentAt = now()
    report(pace.waiting)
    pace.waiting = null
  }

  function tell(progress: Progress): void {
    const pace = paceOf(progress)
    const { waiting } = pace
    // A preview that comes between two reports goes with the next one of the same item.
    const kept = waiting?.itemIndex === progress.itemIndex ? waiting.preview : undefined
    pace.waiting = { ...(kept === undefined ? {} : { preview: kept }), ...progress }
    const wait = pace.sentAt + leastPauseMs - now()
    if (wait <= 0) send(pace)
    else pace.timer ??= setTimeout(() => send(pace), wait).unref()
  }

  return ({ runId, nodeId, itemIndex }) => {
    let furthest = 0
    return (step, total, preview) => {
      // A preview is made beside the work, and may come when the next step has been told already.
      furthest = preview === undefined ? step : Math.max(step, furthest)
      tell({ runId, nodeId, itemIndex, step: furthest, total, ...(preview ? { preview } : {}) })
    }
  }
}
