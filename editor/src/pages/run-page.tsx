/** One run, live while it goes: how far it is, what it costs, each node's state and pictures, and what can be done. */
import { isFinal } from '@defect-studio/nodes'
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { useRun } from '../api/queries.ts'
import type { Run } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { NodeRunRow } from '../runs/node-run-row.tsx'
import { useProblemText } from '../runs/problem-text.ts'
import { RunControls } from '../runs/run-controls.tsx'
import { RunStateBadge } from '../runs/run-state-badge.tsx'
import { RunTotals } from '../runs/run-totals.tsx'
import { clearRun, showRun, useRunView } from '../runs/run-view.ts'
import { retryRun, useStarting } from '../runs/start-run.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { showError } from '../shell/show-error.ts'

export function RunPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation()
  const answer = useRun(id)
  const live = useRunView((view) => view.run)
  useEffect(() => {
    showRun(id).catch(showError)
    return clearRun
  }, [id])
  const run = live?.id === id ? live : answer.data
  return (
    <PageFrame title={run?.graphName ?? t('shell.pages.runs')} actions={run && <RunActions run={run} />}>
      <AsyncList answer={answer} isEmpty={!run} empty={null}>
        {run && (
          <Stack>
            <RunHead run={run} />
            <RunTotals run={run} />
            {run.nodeRuns.map((nodeRun) => (
              <NodeRunRow key={nodeRun.nodeId} runId={run.id} nodeRun={nodeRun} />
            ))}
          </Stack>
        )}
      </AsyncList>
    </PageFrame>
  )
}

function RunActions({ run }: { run: Run }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const starting = useStarting((state) => state.starting)
  const retry = async () => {
    const next = await retryRun(run.id)
    if (next) await navigate(`/runs/${next.id}`)
  }
  return (
    <Group gap="xs">
      <RunControls run={run} />
      {isFinal(run.status) && run.status !== 'succeeded' && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={starting}
          onClick={() => void retry()}
        >
          {t('runs.retry')}
        </Button>
      )}
      {run.graphId && (
        <Button component={Link} to={`/graphs/${run.graphId}?run=${run.id}`}>
          {t('run.onGraph')}
        </Button>
      )}
    </Group>
  )
}

function RunHead({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { date, span, number } = useFormat()
  const words = useProblemText()
  const [retriedBy] = run.retries
  return (
    <>
      <Group gap="md">
        <span role="status" aria-live="polite" data-run={run.status} data-paused={run.paused}>
          <RunStateBadge run={run} size="md" />
        </span>
        <Text size="sm" c="dimmed">
          {date(run.createdAt)} · {span(run.startedAt, run.endedAt)} · {t(`runs.triggers.${run.trigger}`)} ·{' '}
          {t('run.costOf', { tokens: number(run.cost), quote: number(run.quote), count: run.cost })}
        </Text>
        {run.parentRunId && (
          <Anchor component={Link} to={`/runs/${run.parentRunId}`} size="sm">
            {t('runs.parent')}
          </Anchor>
        )}
        {retriedBy && (
          <Anchor component={Link} to={`/runs/${retriedBy}`} size="sm">
            {t('runs.retriedBy')}
          </Anchor>
        )}
      </Group>
      {run.failure && (
        <Alert color="red" title={words.failure(run.failure).message}>
          {words.failure(run.failure).remedy}
        </Alert>
      )}
    </>
  )
}
