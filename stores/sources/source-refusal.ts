/** Why a list cannot be made, thrown where it is found out and shown at the node that asked. */
import type { GraphProblem } from '@defect-studio/nodes'

export type SourceProblem = Pick<GraphProblem, 'code' | 'field' | 'message' | 'remedy'>

export class SourceRefusal extends Error {
  readonly problem: SourceProblem
  constructor(problem: Partial<SourceProblem> & Pick<SourceProblem, 'message' | 'remedy'>, cause?: unknown) {
    super(problem.message, { cause })
    this.name = 'SourceRefusal'
    this.problem = { code: 'unusable-list', ...problem }
  }
}
