/** Whether a machine takes new work. Closed it finishes what it has; what a poll still brings goes back. */

export interface DrainGate {
  isClosed(): boolean
  set(isClosed: boolean): void
  /** Resolves while it is open; rejects with the signal's reason. */
  whenOpen(signal: AbortSignal): Promise<void>
}

export function createDrainGate(): DrainGate {
  let closed = false
  let open = () => {}
  let opened = Promise.resolve()
  return {
    isClosed: () => closed,
    set(isClosed) {
      if (isClosed === closed) return
      closed = isClosed
      if (isClosed) opened = new Promise((resolve) => (open = resolve))
      else open()
    },
    async whenOpen(signal) {
      while (closed) {
        signal.throwIfAborted()
        let leave = () => {}
        const stopped = new Promise<never>((_, reject) => {
          const give = () => reject(signal.reason as Error)
          signal.addEventListener('abort', give, { once: true })
          leave = () => signal.removeEventListener('abort', give)
        })
        await Promise.race([opened, stopped]).finally(leave)
      }
    },
  }
}
