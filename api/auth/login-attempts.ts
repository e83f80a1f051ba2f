/** Slows down guessing: after a few wrong passwords an address must wait, longer each time. */

/** Wrong passwords that cost nothing but the answer. */
const freeAttempts = 5
const firstWaitMs = 15_000
const longestWaitMs = 15 * 60_000
/** Bounds memory: beyond it the oldest entries are forgotten. */
const mostEntries = 10_000

export class LoginAttempts {
  readonly #failures = new Map<string, { count: number; waitUntil: number }>()
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Counts an attempt before it is checked, so that many at once gain nothing.
   * @returns 0 when it may be checked, else the seconds to wait.
   */
  begin(loginId: string, address: string): number {
    const key = `${loginId}\n${address}`
    const now = this.#now()
    const entry = this.#failures.get(key) ?? { count: 0, waitUntil: 0 }
    if (entry.waitUntil > now) return Math.ceil((entry.waitUntil - now) / 1000)
    entry.count++
    if (entry.count >= freeAttempts)
      entry.waitUntil = now + Math.min(firstWaitMs * 2 ** (entry.count - freeAttempts), longestWaitMs)
    this.#failures.delete(key)
    this.#failures.set(key, entry)
    const oldest = this.#failures.keys().next()
    if (this.#failures.size > mostEntries && !oldest.done) this.#failures.delete(oldest.value)
    return 0
  }

  succeeded(loginId: string, address: string): void {
    this.#failures.delete(`${loginId}\n${address}`)
  }
}
