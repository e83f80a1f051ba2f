/** Lets a long computation on the main thread breathe: heartbeats go out, progress is told, a cancel is heard. */

export interface Pace {
  /** True when the event loop has waited long enough; then `await rest()`. Cheap enough for an inner loop. */
  due: () => boolean
  /** Lets everything that waits run once. Rejects with the signal's reason when the work was cancelled. */
  rest: () => Promise<void>
}

/** At most about `everyMs` milliseconds of computing pass between two rests, if `due` is asked often. */
export function createPace(signal?: AbortSignal, everyMs = 25): Pace {
  let last = performance.now()
  return {
    due: () => performance.now() - last > everyMs,
    rest: async () => {
      signal?.throwIfAborted()
      await new Promise<void>((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
      last = performance.now()
    },
  }
}
