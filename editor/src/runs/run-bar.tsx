/** The price, Run and its other ways, and how the shown run goes. */
import { Button, Group, Text, Tooltip } from '@mantine/core'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useGraph, useGraphStore } from '../graph-store.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useVerdict } from './problem-store.ts'
import { useRunView } from './run-view.ts'
import { RunControls } from './run-controls.tsx'
import { RunMenu } from './run-menu.tsx'
import { RunGlance } from './run-totals.tsx'
import { RunStateBadge } from './run-state-badge.tsx'
import { startRun, useStarting } from './start-run.ts'

export function RunBar() {
  const { t } = useTranslation()
  const { number } = useFormat()
  const { problems, quote } = useVerdict()
  const isPast = useGraphStore((state) => state.shown !== null)
  const isEmpty = useGraph().nodes.length === 0
  const run = useRunView((view) => view.run)
  const starting = useStarting((state) => state.starting)
  const why = isEmpty
    ? t('run.emptyGraph')
    : problems.length > 0
      ? t('run.problems', { count: problems.length })
      : t('run.shortcut')
  return (
    <Group gap="sm" wrap="nowrap">
      {run && (
        <span role="status" aria-live="polite" data-run={run.status}>
          <RunStateBadge run={run} size="md" />
        </span>
      )}
      {run && <RunGlance run={run} />}
      {quote !== null && !isPast && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {t('run.price', { count: quote, tokens: number(quote) })}
        </Text>
      )}
      {run && <RunControls run={run} compact />}
      {/* A graph of before is only looked at: a run of it begins with restoring it. */}
      {!isPast && (
        <Group gap={1} wrap="nowrap">
          <Tooltip label={why}>
            <Button
              leftSection={<IconPlayerPlayFilled size={16} />}
              loading={starting}
              // Not `disabled`: a button that cannot be pressed must still say why.
              {...(problems.length > 0 ? { 'data-disabled': true } : {})}
              aria-disabled={problems.length > 0}
              onClick={() => void startRun()}
            >
              {t('run.run')}
            </Button>
          </Tooltip>
          <RunMenu />
        </Group>
      )}
    </Group>
  )
}
