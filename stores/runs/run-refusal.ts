/** Why a run is not begun. Whoever asked gets the words: a person, a caller's program, the log of a schedule. */
import type { GraphProblem } from '@defect-studio/nodes'

export type RunRefusalCode =
  'invalid-graph' | 'not-found' | 'insufficient-tokens' | 'idempotency-clash' | 'removed' | 'not-allowed'

/** A place in an order of several runs: `item` is its 0-based place there. */
export type RunProblem = Omit<GraphProblem, 'code'> & { code: string; item?: number }

interface Details {
  remedy?: string
  problems?: RunProblem[]
  /** Whole tokens that it would take. */
  needed?: number
  /** Tokens that there are, with fractions. */
  available?: number
}

export class RunRefusal extends Error {
  readonly code: RunRefusalCode
  readonly details: Details
  constructor(code: RunRefusalCode, message: string, details: Details = {}) {
    super(message)
    this.name = 'RunRefusal'
    this.code = code
    this.details = details
  }
}

/** @param problems at least one. */
export function refuseGraph(problems: RunProblem[]): RunRefusal {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new RunRefusal('invalid-graph', `${first?.message ?? 'The graph cannot run.'}${more}`, {
    problems,
    ...(first ? { remedy: first.remedy } : {}),
  })
}
