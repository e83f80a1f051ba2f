/** On a card, in words: that it does not run as it stands there. */
import type { GraphNode } from '@defect-studio/nodes'
import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function CardMarks({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const marks = [
    ...(node.mode === 'muted' ? [{ name: t('runs.muted'), color: 'gray' }] : []),
    ...(node.mode === 'bypassed' ? [{ name: t('runs.bypassed'), color: 'grape' }] : []),
    ...(node.pinned ? [{ name: t('runs.pinned'), color: 'cyan' }] : []),
  ]
  return marks.map(({ name, color }) => (
    <Badge key={name} size="xs" color={color} variant="light" tt="none" miw="max-content">
      {name}
    </Badge>
  ))
}
