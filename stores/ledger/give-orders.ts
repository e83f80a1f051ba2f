/** Orders that move tokens outside of runs: each with a key under which it counts once. Amounts are micro-tokens. */
interface Order {
  idem: string
  byMemberId: string | null
  note?: string | null
}

export interface IssueOrder extends Order {
  /** Each of them gets `amount`, in a lot of its own. */
  departmentIds: readonly string[]
  amount: bigint
  /** Null: never. */
  expiresAt: Date | null
}

export interface DistributeOrder extends Order {
  departmentId: string
  /** Each member once. */
  to: readonly { memberId: string; amount: bigint }[]
  /** What the department's pool gets, which its members may spend when their own tokens are used up. */
  pool: bigint | null
}

export interface RevokeOrder extends Order {
  departmentId: string
  /** Null: from the department's pool. */
  memberId: string | null
  amount: bigint
}
