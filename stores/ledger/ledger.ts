/** The token ledger: every token is issued, given, held, captured or released by an append-only transfer. */
import type { DistributeOrder, IssueOrder, RevokeOrder } from './give-orders.ts'
import type { Holder } from './lock-account.ts'

/** 1 token = 1,000,000 micro-tokens, so that a fraction of a token can be charged without ever rounding. */
export const microPerToken = 1_000_000n

export interface Balance {
  /** Micro-tokens that the account owns, held ones included. */
  posted: bigint
  /** Micro-tokens held for work that has not ended. */
  pending: bigint
  /** posted - pending: what can be spent now. */
  available: bigint
}

export type HoldResult = { ok: true; holdId: string } | { ok: false; available: bigint }

/** Whether an order was done; when not, what there is instead of what it takes. */
export type Moved = { ok: true } | { ok: false; available: bigint }

/** What a member can spend: the own tokens first, then those of the department's pool. */
export interface Funds {
  own: Balance
  pool: Balance
  /** Both together. */
  available: bigint
}

export interface Ledger {
  /** Brings new tokens into being for a department; a lot with this expiry. */
  issue(order: Omit<IssueOrder, 'departmentIds'> & { departmentId: string }): Promise<void>
  /** Moves tokens from a department to one of its members; lots keep their expiry, the soonest go first. */
  distribute(
    order: Omit<DistributeOrder, 'to' | 'pool'> & { memberId: string; amount: bigint },
  ): Promise<Moved>
  /** Moves tokens from a department to members and into its pool: to all of them, or to none. */
  distributeAll(order: DistributeOrder): Promise<Moved>
  /**
   * Takes tokens back from a member or the pool to the department: what is neither spent nor held, the tokens that last
   * longest first, so that a member keeps what has to be used soon. Lots keep their expiry.
   */
  revoke(order: RevokeOrder): Promise<Moved>
  /**
   * Sets tokens aside: the member's own, and what they lack from the pool of `departmentId`, when it is given. The same
   * key again returns the same hold; with another amount it is an error.
   */
  hold(order: {
    idem: string
    memberId: string
    departmentId?: string
    amount: bigint
    runId: string
    nodeId: string
  }): Promise<HoldResult>
  /** Charges `amount` (0 … held) of a hold; what remains goes back to its lots. Resolves the hold, once. */
  capture(order: { holdId: string; amount: bigint }): Promise<void>
  /** Gives a hold back whole. Resolves the hold, once; a no-op when it was released before. */
  release(order: { holdId: string }): Promise<void>
  /**
   * Gives back `amount` of what was captured of a hold, to the lots that it came from (the pool's first, since they were
   * charged last), together never more than the capture. What belongs to a lot that has expired meanwhile expires with it.
   * @throws StudioError 'invalid-input' when nothing was captured, or less.
   */
  refund(order: {
    idem: string
    holdId: string
    amount: bigint
    byMemberId?: string | null
    note?: string
  }): Promise<void>
  balanceOf(holder: Holder): Promise<Balance>
  fundsOf(member: { memberId: string; departmentId: string }): Promise<Funds>
  /** Moves what has expired out of every account; held tokens stay until their hold is resolved. */
  expire(): Promise<{ lots: number; amount: bigint }>
  /** Compares sums over all transfers with accounts and lots; every line is a broken promise. Empty is right. */
  checkInvariants(): Promise<string[]>
}
