/** The runs that this graph had; a click shows what one made on the nodes. */
import { Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { allItems, useRuns } from '../api/queries.ts'
import { useOpenGraph } from '../autosave.ts'
import { useFormat } from '../i18n/use-format.ts'
import { AsyncList } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { showError } from '../shell/show-error.ts'
import classes from './past-runs.module.css'
import { showPastRun } from './past-run.ts'
import { useRunView } from './run-view.ts'
import { RunFailure } from './run-failure.tsx'
import { RunStateBadge } from './run-state-badge.tsx'

export function PastRuns() {
  const { t } = useTranslation()
  const { date, span, number } = useFormat()
  const answer = useRuns(useOpenGraph((open) => open.id))
  const shownId = useRunView((view) => view.run?.id)
  const runs = allItems(answer.data)
  return (
    <AsyncList
      answer={answer}
      isEmpty={runs.length === 0}
      empty={
        <Text size="sm" c="dimmed">
          {t('run.noneYet')}
        </Text>
      }
    >
      <Stack gap="xs">
        {runs.map((run) => (
          <UnstyledButton
            key={run.id}
            className={classes['run'] ?? ''}
            aria-pressed={run.id === shownId}
            onClick={() => void showPastRun(run.id).catch(showError)}
          >
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" fw={600}>
                {date(run.createdAt)}
              </Text>
              <RunStateBadge run={run} />
            </Group>
            <Text size="xs" c="dimmed">
              {span(run.startedAt, run.endedAt)} ·{' '}
              {t('run.cost', { count: run.cost, tokens: number(run.cost) })}
              {run.saved > 0 && ` · ${t('runs.saved', { count: run.saved, tokens: number(run.saved) })}`}
            </Text>
            <RunFailure failure={run.failure} />
          </UnstyledButton>
        ))}
      </Stack>
      <MoreButton list={answer} />
    </AsyncList>
  )
}
