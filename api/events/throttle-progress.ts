/** Lets at most ten updates a second through for a node, the latest always: a fast sampler has hundreds of steps. */
import type { RunEvent } from '@defect-studio/nodes'

export type ProgressEvent = Extract<RunEvent, { type: 'node-run-progress' }>

const betweenMs = 100

interface Waiting {
  timer: NodeJS.Timeout
  /** What came since the last one went through. */
  latest: ProgressEvent | null
}

export interface ProgressThrottle {
  take(event: ProgressEvent): void
  /** Gives at once what waits for the node. */
  flush(node: { runId: string; nodeId: string }): void
  close(): void
}

export function throttleProgress(give: (event: ProgressEvent) => void): ProgressThrottle {
  const nodes = new Map<string, Waiting>()
  const keyOf = (node: { runId: string; nodeId: string }) => `${node.runId} ${node.nodeId}`

  function rest(key: string): void {
    const timer = setTimeout(() => {
      const latest = nodes.get(key)?.latest
      nodes.delete(key)
      if (!latest) return
      rest(key)
      give(latest)
    }, betweenMs)
    nodes.set(key, { timer, latest: null })
  }

  return {
    take(event) {
      const key = keyOf(event)
      const waiting = nodes.get(key)
      if (waiting) waiting.latest = newer(waiting.latest, event)
      else {
        rest(key)
        give(event)
      }
    },
    flush(node) {
      const waiting = nodes.get(keyOf(node))
      if (!waiting?.latest) return
      const { latest } = waiting
      waiting.latest = null
      give(latest)
    },
    close() {
      for (const { timer } of nodes.values()) clearTimeout(timer)
      nodes.clear()
    },
  }
}

/** Not every step brings a preview: the newest of the same item stays until there is another. */
function newer(before: ProgressEvent | null, event: ProgressEvent): ProgressEvent {
  if (event.preview !== undefined || before?.preview === undefined) return event
  return before.itemIndex === event.itemIndex ? { ...event, preview: before.preview } : event
}
