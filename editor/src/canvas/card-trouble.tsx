/** What is wrong with a node: why its run failed, or what it lacks before it can run. */
import type { GraphProblem } from '@defect-studio/nodes'
import type { NodeRun } from '../api/types.ts'
import { useProblemText } from '../runs/problem-text.ts'

interface CardTroubleProps {
  nodeRun: NodeRun | undefined
  problems: readonly GraphProblem[]
}

export function CardTrouble({ nodeRun, problems }: CardTroubleProps) {
  const words = useProblemText()
  if (nodeRun?.failure) {
    const { message, remedy } = words.failure(nodeRun.failure)
    return (
      <p className="card-trouble" data-kind="failure" role="alert">
        {message} <strong>{remedy}</strong>
      </p>
    )
  }
  const [first, ...more] = problems
  if (!first) return null
  return (
    <p className="card-trouble" data-kind="problem">
      {words.problem(first).message} {more.length > 0 && `(+${more.length})`}
    </p>
  )
}
