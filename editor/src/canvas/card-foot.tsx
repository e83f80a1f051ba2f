/** How a node's run goes: state in colour and words, items, progress, what it cost. */
import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { StateBadge } from '../runs/state-badge.tsx'
import { useProgress } from '../runs/run-view.ts'

export function CardFoot({ nodeRun }: { nodeRun: NodeRun }) {
  const { t } = useTranslation()
  const { number, span } = useFormat()
  const progress = useProgress(nodeRun.nodeId)
  const running = nodeRun.state === 'running'
  // The steps of the item at work count as a part of that item.
  const part = running && progress && progress.total > 0 ? progress.step / progress.total : 0
  const percent = nodeRun.itemsTotal > 0 ? ((nodeRun.itemsDone + part) / nodeRun.itemsTotal) * 100 : 0
  return (
    <>
      {running && (
        <Progress
          value={Math.min(percent, 100)}
          size={4}
          radius={0}
          animated
          aria-label={t('canvas.progress')}
        />
      )}
      <div className="card-foot">
        <StateBadge state={nodeRun.state} size="xs" />
        <Text span size="xs" c="dimmed">
          {nodeRun.itemsTotal > 1 && `${number(nodeRun.itemsDone)}/${number(nodeRun.itemsTotal)} · `}
          {running && progress
            ? t('canvas.step', { step: progress.step, total: progress.total })
            : nodeRun.startedAt
              ? span(nodeRun.startedAt, nodeRun.endedAt)
              : ''}
          {nodeRun.cost > 0 && ` · ${t('canvas.cost', { count: nodeRun.cost })}`}
        </Text>
      </div>
    </>
  )
}
