/** Keeps models loaded between pictures, within a budget of bytes; the longest unused goes first. */

/** What the cache can hold: something with a size that can be let go. */
export type Cached = { readonly bytes: number; readonly dispose: () => Promise<void> }

/** A model in use. It is not evicted before `release`, which must be called once. */
export type Lease<T> = { readonly value: T; readonly release: () => void }

export type SessionCache<T extends Cached> = {
  /** The model under `key`, loaded by `load` unless it is there; simultaneous callers share one load. */
  readonly acquire: (key: string, load: () => Promise<T>) => Promise<Lease<T>>
  /** What is held now, the most recently used last. */
  readonly state: () => { key: string; bytes: number; inUse: number }[]
  /** Bytes of all that is loaded. */
  readonly bytes: () => number
  /** Lets go of the longest unused until no more than `bytes` are held, or nothing is left that is not in use. */
  readonly letGo: (bytes: number) => Promise<void>
  /** Lets go of everything that is loaded. */
  readonly dispose: () => Promise<void>
}

type Entry<T> = { promise: Promise<T>; value?: T; inUse: number }

/**
 * @param maxBytes budget for the weights of all models together. A single larger model is still loaded, alone.
 */
export function createSessionCache<T extends Cached>(maxBytes: number): SessionCache<T> {
  // A Map keeps insertion order; each use moves its key to the end.
  const entries = new Map<string, Entry<T>>()

  const held = () => [...entries.values()].reduce((sum, entry) => sum + (entry.value?.bytes ?? 0), 0)

  async function letGo(bytes: number): Promise<void> {
    for (const [key, entry] of entries) {
      if (held() <= bytes) return
      if (!entry.value || entry.inUse > 0) continue
      entries.delete(key)
      await entry.value.dispose()
    }
  }

  function start(key: string, load: () => Promise<T>): Entry<T> {
    const entry: Entry<T> = { promise: load(), inUse: 0 }
    entries.set(key, entry)
    return entry
  }

  return {
    async acquire(key, load) {
      const entry = entries.get(key) ?? start(key, load)
      entry.inUse++
      try {
        entry.value = await entry.promise
      } catch (error) {
        // A load that failed may succeed when the folder has been mended.
        if (entries.get(key) === entry) entries.delete(key)
        throw error
      }
      entries.delete(key)
      entries.set(key, entry)
      await letGo(maxBytes)
      let released = false
      return {
        value: entry.value,
        release() {
          if (released) return
          released = true
          entry.inUse--
        },
      }
    },
    state: () => [...entries].map(([key, { value, inUse }]) => ({ key, bytes: value?.bytes ?? 0, inUse })),
    bytes: held,
    letGo,
    async dispose() {
      const all = [...entries.values()]
      entries.clear()
      // A load that fails has told those who wait for it, and left nothing to let go.
      await Promise.all(
        all.map(({ promise }) =>
          promise.then(
            (value) => value.dispose(),
            () => undefined,
          ),
        ),
      )
    },
  }
}
