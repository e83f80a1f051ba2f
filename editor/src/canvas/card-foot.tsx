/** How a node's run goes: state in colour and words, items, progress, what it cost. */
import { Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { StateBadge } from '../runs/state-badge.tsx'
import { useProgress, useRunView } from '../runs/run-view.ts'
import { secondsLeft } from '../runs/seconds-left.ts'
import { useNow } from '../runs/use-now.ts'

export function CardFoot({ nodeRun }: { nodeRun: NodeRun }) {
  const { t } = useTranslation()
  const { number, seconds, span } = useFormat()
  const progress = useProgress(nodeRun.nodeId)
  const running = nodeRun.state === 'running'
  const isPaused = useRunView((view) => view.run?.paused ?? false)
  const pace = useRunView((view) => view.pace[nodeRun.nodeId])
  const now = useNow(running && pace !== undefined)
  const left = running && !isPaused && pace ? secondsLeft(pace, nodeRun.itemsTotal, now) : null
  // The steps of the item at work count as a part of that item.
  const part = running && progress && progress.total > 0 ? progress.step / progress.total : 0
  const percent =
    nodeRun.itemsTotal > 0 ? ((nodeRun.itemsDone + nodeRun.itemsFailed + part) / nodeRun.itemsTotal) * 100 : 0
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
          {nodeRun.itemsCached > 0 && ` · ${t('runs.itemsCached', { count: nodeRun.itemsCached })}`}
          {nodeRun.itemsFailed > 0 && ` · ${t('runs.itemsFailed', { count: nodeRun.itemsFailed })}`}
          {left !== null && left > 0 && ` · ${t('runs.left', { time: seconds(left) })}`}
          {nodeRun.cost > 0 && ` · ${t('canvas.cost', { count: nodeRun.cost })}`}
        </Text>
      </div>
    </>
  )
}
