/** Lets one piece of work at a time onto a device: two queues are served, but a GPU has one memory. */

export interface DeviceLock {
  /**
   * Runs the work when all that came before has ended. Rejects with the signal's reason when it aborts before
   * its turn; the work itself has to watch the signal.
   */
  exclusive<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function createDeviceLock(): DeviceLock {
  let last: Promise<void> = Promise.resolve()
  return {
    async exclusive(work, signal) {
      const before = last
      let done = () => {}
      last = new Promise((resolve) => (done = resolve))
      try {
        await before
        signal.throwIfAborted()
        return await work()
      } finally {
        done()
      }
    },
  }
}
