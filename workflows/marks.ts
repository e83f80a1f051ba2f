/** Writes what people see of each node without making the next node wait for it. */
import { CancellationScope } from '@temporalio/workflow'
import { books } from './activity-proxies.ts'
import type { RunContext } from './run-node.ts'

export interface Marks {
  mark: RunContext['mark']
  /** Resolves when every mark is written. */
  written(): Promise<void>
}

export function createMarks(runId: string): Marks {
  // One chain for each node: its end must never be overtaken by its start.
  const chains = new Map<string, Promise<void>>()
  return {
    mark(nodeId, state, itemsTotal, failure) {
      const before = chains.get(nodeId)
      const write = () =>
        CancellationScope.nonCancellable(() =>
          books.markNode({ runId, nodeId, state, itemsTotal, ...(failure ? { failure } : {}) }),
        )
      const chain = before ? before.then(write) : write()
      // Whoever waits in `written` gets the error; until then it must not count as unhandled.
      chain.catch(() => {})
      chains.set(nodeId, chain)
    },
    async written() {
      await Promise.all(chains.values())
    },
  }
}
