/** A state in colour and in words: colour alone would tell some people nothing. */
import type { NodeRunState, RunStatus } from '@defect-studio/nodes'
import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { stateColour } from './state-look.ts'

export function StateBadge({
  state,
  size = 'sm',
}: {
  state: NodeRunState | RunStatus
  size?: 'xs' | 'sm' | 'md'
}) {
  const { t } = useTranslation()
  return (
    <Badge
      color={stateColour[state]}
      variant="light"
      size={size}
      miw="max-content"
      style={{ flexShrink: 0 }}
      tt="none"
    >
      {t(`states.${state}`)}
    </Badge>
  )
}
