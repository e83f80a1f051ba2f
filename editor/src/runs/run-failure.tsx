/** In a list of runs: why one failed and what to do about it. */
import { Text } from '@mantine/core'
import type { RunSummary } from '../api/types.ts'
import { useProblemText } from './problem-text.ts'

export function RunFailure({ failure }: Pick<RunSummary, 'failure'>) {
  const words = useProblemText()
  if (!failure) return null
  const { message, remedy } = words.failure(failure)
  return (
    <Text size="xs" mt={4} c="var(--mantine-color-error)" data-kind="failure">
      {message} <strong>{remedy}</strong>
    </Text>
  )
}
