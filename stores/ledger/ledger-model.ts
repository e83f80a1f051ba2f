/** The ledger as one would write it without a database: what the real one must agree with, step by step. */

interface ModelLot {
  /** Which lots go first: 0 expires soonest. Infinity never does. */
  era: number
  remaining: bigint
  held: bigint
}

interface ModelHold {
  amount: bigint
  parts: { lot: ModelLot; amount: bigint }[]
  resolved: { kind: 'capture' | 'release'; amount: bigint } | null
  refunded: bigint
}

export class LedgerModel {
  readonly #lots = new Map<string, ModelLot[]>()
  readonly #holds = new Map<string, ModelHold>()
  /** Eras up to this one have passed. */
  now = -1
  revenue = 0n
  expired = 0n

  issue(owner: string, amount: bigint, era: number): void {
    this.#lotsOf(owner).push({ era, remaining: amount, held: 0n })
  }

  distribute(from: string, to: string, amount: bigint): bigint | null {
    const taken = this.#take(from, amount)
    if (typeof taken === 'bigint') return taken
    for (const { lot, amount: part } of taken) {
      lot.remaining -= part
      this.issue(to, part, lot.era)
    }
    return null
  }

  /** Null when taken back, otherwise what there is. The tokens that last longest go first. */
  revoke(from: string, to: string, amount: bigint): bigint | null {
    const taken = this.#take(from, amount, 'last')
    if (typeof taken === 'bigint') return taken
    for (const { lot, amount: part } of taken) {
      lot.remaining -= part
      this.issue(to, part, lot.era)
    }
    return null
  }

  /** Whether the order is allowed. What was charged last, of lots in their order, comes back first. */
  refund(id: string, amount: bigint): boolean {
    const hold = this.#holds.get(id)
    if (hold?.resolved?.kind !== 'capture' || hold.refunded + amount > hold.resolved.amount) return false
    let skip = hold.refunded
    let left = amount
    for (const { lot, charged } of chargesOf(hold).reverse()) {
      const skipped = charged < skip ? charged : skip
      skip -= skipped
      const part = charged - skipped < left ? charged - skipped : left
      left -= part
      if (lot.era > this.now) lot.remaining += part
      else this.expired += part
    }
    hold.refunded += amount
    this.revenue -= amount
    return true
  }

  /** Null when held, otherwise what there is. What the owner lacks comes from the pool, whose lots are charged last. */
  hold(id: string, owner: string, amount: bigint, pool: string): bigint | null {
    const own = this.balanceOf(owner).available
    const ofOwn = own < amount ? own : amount
    const shared = this.#take(pool, amount - ofOwn)
    if (typeof shared === 'bigint') return own + shared
    const mine = this.#take(owner, ofOwn)
    if (typeof mine === 'bigint') throw new Error('There is less than there is.')
    const taken = [...mine, ...shared]
    for (const { lot, amount: part } of taken) lot.held += part
    this.#holds.set(id, { amount, parts: taken, resolved: null, refunded: 0n })
    return null
  }

  /** Whether the order is allowed; a repeated one is, and changes nothing. */
  capture(id: string, amount: bigint): boolean {
    const hold = this.#holds.get(id)
    if (!hold || amount > hold.amount) return false
    if (hold.resolved) return hold.resolved.kind === 'capture' && hold.resolved.amount === amount
    this.#resolve(hold, 'capture', amount)
    return true
  }

  release(id: string): void {
    const hold = this.#holds.get(id)
    if (hold && !hold.resolved) this.#resolve(hold, 'release', 0n)
  }

  pass(era: number): void {
    this.now = Math.max(this.now, era)
  }

  expire(): bigint {
    let sum = 0n
    for (const lot of [...this.#lots.values()].flat().filter(({ era }) => era <= this.now)) {
      sum += lot.remaining - lot.held
      lot.remaining = lot.held
    }
    this.expired += sum
    return sum
  }

  balanceOf(owner: string): { posted: bigint; pending: bigint; available: bigint } {
    const balance = { posted: 0n, pending: 0n, available: 0n }
    for (const lot of this.#lotsOf(owner)) {
      const free = lot.era <= this.now ? 0n : lot.remaining - lot.held
      balance.posted += lot.held + free
      balance.pending += lot.held
      balance.available += free
    }
    return balance
  }

  /** What the owner's lots of each era have left, as `era: remaining/held`, empty ones left out. */
  erasOf(owner: string): string[] {
    const sums = new Map<number, { remaining: bigint; held: bigint }>()
    for (const { era, remaining, held } of this.#lotsOf(owner)) {
      const sum = sums.get(era) ?? { remaining: 0n, held: 0n }
      sums.set(era, { remaining: sum.remaining + remaining, held: sum.held + held })
    }
    return [...sums]
      .filter(([, { remaining }]) => remaining > 0n)
      .map(([era, { remaining, held }]) => `${era}: ${remaining}/${held}`)
      .sort()
  }

  get holds(): readonly string[] {
    return [...this.#holds.keys()]
  }

  #resolve(hold: ModelHold, kind: 'capture' | 'release', amount: bigint): void {
    hold.resolved = { kind, amount }
    this.revenue += amount
    let left = amount
    for (const { lot, amount: part } of hold.parts) {
      const charged = part < left ? part : left
      left -= charged
      lot.held -= part
      lot.remaining -= charged
      if (lot.era > this.now) continue
      lot.remaining -= part - charged
      this.expired += part - charged
    }
  }

  #take(
    owner: string,
    amount: bigint,
    first: 'soonest' | 'last' = 'soonest',
  ): bigint | { lot: ModelLot; amount: bigint }[] {
    const open = this.#lotsOf(owner)
      .filter((lot) => lot.era > this.now && lot.remaining > lot.held)
      .sort((a, b) => (a.era === b.era ? 0 : a.era - b.era))
    if (first === 'last') open.reverse()
    const taken: { lot: ModelLot; amount: bigint }[] = []
    let left = amount
    for (const lot of open) {
      const free = lot.remaining - lot.held
      const part = free < left ? free : left
      if (part > 0n) taken.push({ lot, amount: part })
      left -= part
    }
    return left === 0n ? taken : amount - left
  }

  #lotsOf(owner: string): ModelLot[] {
    const lots = this.#lots.get(owner) ?? []
    this.#lots.set(owner, lots)
    return lots
  }
}

/** What a capture took of each lot. */
function chargesOf({ parts, resolved }: ModelHold): { lot: ModelLot; charged: bigint }[] {
  let left = resolved?.amount ?? 0n
  return parts.map(({ lot, amount }) => {
    const charged = amount < left ? amount : left
    left -= charged
    return { lot, charged }
  })
}
