/** All items of a run together, live: how many are done, found, failed, and how long the rest takes. */
import { isFinal } from '@defect-studio/nodes'
import { Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { NodeRun, Run } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useRunView } from './run-view.ts'
import { secondsLeftOfRun } from './seconds-left.ts'
import { useNow } from './use-now.ts'

const isOpen = ({ state }: NodeRun): boolean =>
  state === 'queued' || state === 'holding' || state === 'running'

/** What nodes that were skipped would have done is no longer to come. */
function addUp(nodeRuns: readonly NodeRun[]) {
  const sum = (pick: (node: NodeRun) => number) => nodeRuns.reduce((total, node) => total + pick(node), 0)
  const settled = (node: NodeRun) => node.itemsDone + node.itemsFailed
  return {
    total: sum((node) => (isOpen(node) ? Math.max(node.itemsTotal, settled(node)) : settled(node))),
    settled: sum(settled),
    done: sum((node) => node.itemsDone),
    cached: sum((node) => node.itemsCached),
    failed: sum((node) => node.itemsFailed),
  }
}

export function RunTotals({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { settled, total, words } = useTotals(run)
  return (
    <Stack gap={4}>
      {!isFinal(run.status) && (
        <Progress value={total > 0 ? (settled / total) * 100 : 0} size="sm" aria-label={t('runs.progress')} />
      )}
      <Text size="sm" c="dimmed" data-totals>
        {words.join(' · ')}
      </Text>
    </Stack>
  )
}

/** The same in a line, for the bar of the editor; one item says what it does on its card. */
export function RunGlance({ run }: { run: Run }) {
  const { words } = useTotals(run)
  return (
    <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }} data-totals>
      {words.join(' · ')}
    </Text>
  )
}

function useTotals(run: Run) {
  const { t } = useTranslation()
  const { number, seconds } = useFormat()
  const pace = useRunView((view) => view.pace)
  const isGoing = !isFinal(run.status) && !run.paused
  const now = useNow(isGoing)
  const { total, settled, done, cached, failed } = addUp(run.nodeRuns)
  const nodes = run.nodeRuns.map((node) => ({ ...node, isOpen: isOpen(node) }))
  const left = isGoing ? secondsLeftOfRun(nodes, pace, now) : null
  const words = [
    t('runs.itemsDone', { done: number(done), total: number(total) }),
    ...(cached > 0 ? [t('runs.itemsCached', { count: cached })] : []),
    ...(failed > 0 ? [t('runs.itemsFailed', { count: failed })] : []),
    ...(run.saved > 0 ? [t('runs.saved', { count: run.saved, tokens: number(run.saved) })] : []),
    ...(left === null || left === 0 ? [] : [t('runs.left', { time: seconds(left) })]),
  ]
  return { total, settled, words }
}
