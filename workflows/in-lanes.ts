/** Bounds how much of a run is under way at once. Pure and in a fixed order, so that replay repeats it. */

/** Works in one node at most, so that a long folder does not take every place from the other branches. */
export const itemsPerNode = 8
/** Works in the whole run at most: far below the 2,000 pending activities at which the server stops. */
export const itemsPerRun = 64

/** Hands out `places`; whoever asks when none is free waits in line. */
export interface Permits {
  take(): Promise<void>
  giveBack(): void
}

export function createPermits(places: number): Permits {
  let free = places
  const waiting: (() => void)[] = []
  return {
    async take() {
      if (free > 0) free -= 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    giveBack() {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    },
  }
}

/** Maps items in order with at most `lanes` of them at once here, and a permit each; results keep the order. */
export async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  permits: Permits,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>()
  const entries = items.entries()
  async function lane(): Promise<void> {
    // The lanes share one iterator: each takes the next item that nobody has.
    for (const [index, item] of entries) {
      await permits.take()
      try {
        results.set(index, await work(item))
      } finally {
        permits.giveBack()
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return items.flatMap((_, index) => {
    const result = results.get(index)
    return result === undefined ? [] : [result]
  })
}
