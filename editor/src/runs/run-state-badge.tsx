/** The state of a run; a paused one says so, because nothing new begins in it. */
import { isFinal } from '@defect-studio/nodes'
import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../api/types.ts'
import { StateBadge } from './state-badge.tsx'

export function RunStateBadge({
  run,
  size = 'sm',
}: {
  run: Pick<RunSummary, 'status' | 'paused'>
  size?: 'sm' | 'md'
}) {
  const { t } = useTranslation()
  return (
    <Group gap={4} wrap="nowrap" component="span">
      <StateBadge state={run.status} size={size} />
      {run.paused && !isFinal(run.status) && (
        <Badge color="yellow" variant="light" size={size} tt="none" miw="max-content">
          {t('runs.paused')}
        </Badge>
      )}
    </Group>
  )
}
