/** How long a node or a run still takes, from how fast items were done of late. */

export interface Sample {
  /** Milliseconds since 1970. */
  at: number
  /** Items done by then. */
  done: number
}

/** Long enough for chunks of ten seconds, short enough to follow a server that joins. */
const windowMs = 60_000

/** Adds a sample and forgets what lies before the window, but for the one that begins it. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const last = samples.at(-1)
  const kept = last && sample.done < last.done ? [] : [...samples, sample]
  if (kept.length === 0) return [sample]
  const begin = kept.findLastIndex(({ at }) => at <= sample.at - windowMs)
  return begin > 0 ? kept.slice(begin) : kept
}

/**
 * Seconds until `total` items are done at the rate of the samples; null while no rate is known.
 * @param now milliseconds since 1970: what was done lately counts up to here, so that a node that stalls takes longer
 */
export function secondsLeft(samples: readonly Sample[], total: number, now: number): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last) return null
  const left = total - last.done
  if (left <= 0) return 0
  const done = last.done - first.done
  const span = Math.max(now, last.at) - first.at
  return done > 0 && span > 0 ? ((span / done) * left) / 1000 : null
}

/** Nodes of a run work at the same time: it takes as long as the slowest. Null while no node's rate is known. */
export function secondsLeftOfRun(
  nodes: readonly { nodeId: string; itemsTotal: number; isOpen: boolean }[],
  pace: Readonly<Record<string, readonly Sample[]>>,
  now: number,
): number | null {
  const known = nodes
    .filter(({ isOpen }) => isOpen)
    .flatMap(({ nodeId, itemsTotal }) => secondsLeft(pace[nodeId] ?? [], itemsTotal, now) ?? [])
  return known.length > 0 ? Math.max(...known) : null
}
