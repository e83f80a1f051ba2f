/** Lets one piece of work at a time onto a device: several queues are served, but a GPU has one memory. */

export interface DeviceLock {
  /**
   * Runs the work when all that came before has ended. Rejects with the signal's reason when it aborts before
   * its turn; the work itself has to watch the signal.
   */
  exclusive<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
  /** Whether somebody has it or waits for it. */
  isBusy(): boolean
  /** How many have it or wait for it. */
  inLine(): number
  /** Resolves when nobody has it and nobody waits for it; rejects with the signal's reason. It is not taken by that. */
  whenFree(signal: AbortSignal): Promise<void>
  /** Milliseconds that it has been in use since this process began, those of now included. */
  busyMs(): number
}

/** @param now milliseconds that only grow. */
export function createDeviceLock(now: () => number = () => performance.now()): DeviceLock {
  let last: Promise<void> = Promise.resolve()
  let inLine = 0
  let total = 0
  let since: number | null = null
  const watchers = new Set<() => void>()
  const leave = () => {
    inLine--
    if (inLine === 0) for (const tell of [...watchers]) tell()
  }

  return {
    async exclusive(work, signal) {
      const before = last
      let done = () => {}
      last = new Promise((resolve) => (done = resolve))
      inLine++
      try {
        await turnOrAbort(before, signal)
      } catch (error) {
        leave()
        // Whoever comes after still waits for those before.
        void before.then(done)
        throw error
      }
      since = now()
      try {
        return await work()
      } finally {
        total += now() - since
        since = null
        leave()
        done()
      }
    },
    isBusy: () => inLine > 0,
    inLine: () => inLine,
    async whenFree(signal) {
      while (inLine > 0) {
        signal.throwIfAborted()
        let tell = () => {}
        const told = new Promise<void>((resolve) => (tell = resolve))
        watchers.add(tell)
        await turnOrAbort(told, signal).finally(() => watchers.delete(tell))
      }
    },
    busyMs: () => Math.round(total + (since === null ? 0 : now() - since)),
  }
}

function turnOrAbort(turn: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason as Error)
    if (signal.aborted) return give()
    signal.addEventListener('abort', give, { once: true })
    void turn.then(() => {
      signal.removeEventListener('abort', give)
      resolve()
    })
  })
}
