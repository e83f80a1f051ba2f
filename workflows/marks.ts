/** Writes what people see of each node without making the next node wait for it. */
import type { Bookkeeping } from '@defect-studio/nodes'
import type { RunContext } from './run-node.ts'

export interface Marks {
  mark: RunContext['mark']
  /** Resolves when every mark is written; rejects when one could not be. */
  written(): Promise<void>
}

export function createMarks(runId: string, books: Bookkeeping): Marks {
  const writes: Promise<void>[] = []
  return {
    mark(nodeId, state, itemsTotal, failure) {
      const write = books.markNode({ runId, nodeId, state, itemsTotal, ...(failure ? { failure } : {}) })
      // Whoever waits in `written` gets the error; until then it must not count as unhandled.
      write.catch(() => {})
      writes.push(write)
    },
    async written() {
      await Promise.all(writes)
    },
  }
}
