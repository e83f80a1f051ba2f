/** What is wrong with a node: why its run failed, what it lacks before it can run, or what to know of its pictures. */
import type { GraphProblem } from '@defect-studio/nodes'
import type { NodeRun } from '../api/types.ts'
import { notesOf } from '../runs/notes-of.ts'
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
  const notes = nodeRun ? notesOf(nodeRun) : []
  if (!first && notes.length > 0)
    return (
      <p className="card-trouble" data-kind="note" style={{ color: 'var(--mantine-color-dimmed)' }}>
        {notes.join(' ')}
      </p>
    )
  if (!first) return null
  return (
    <p className="card-trouble" data-kind="problem">
      {words.problem(first).message} {more.length > 0 && `(+${more.length})`}
    </p>
  )
}
