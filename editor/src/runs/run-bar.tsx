/** The price, Run and Cancel, and how the shown run goes. */
import { isFinal } from '@defect-studio/nodes'
import { Button, Group, Text, Tooltip } from '@mantine/core'
import { IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useGraph, useGraphStore } from '../graph-store.ts'
import { useFormat } from '../i18n/use-format.ts'
import { useVerdict } from './problem-store.ts'
import { useRunView } from './run-view.ts'
import { cancelRun, startRun, useStarting } from './start-run.ts'
import { StateBadge } from './state-badge.tsx'

export function RunBar() {
  const { t } = useTranslation()
  const { number } = useFormat()
  const { problems, quote } = useVerdict()
  const isPast = useGraphStore((state) => state.shown !== null)
  const isEmpty = useGraph().nodes.length === 0
  const run = useRunView((view) => view.run)
  const starting = useStarting((state) => state.starting)
  const running = run !== null && !isFinal(run.status)
  const why = isEmpty
    ? t('run.emptyGraph')
    : problems.length > 0
      ? t('run.problems', { count: problems.length })
      : t('run.shortcut')
  return (
    <Group gap="sm" wrap="nowrap">
      {run && (
        <span role="status" aria-live="polite" data-run={run.status}>
          <StateBadge state={run.status} size="md" />
        </span>
      )}
      {quote !== null && !isPast && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {t('run.price', { count: quote, tokens: number(quote) })}
        </Text>
      )}
      {running && (
        <Button
          variant="default"
          leftSection={<IconPlayerStopFilled size={16} />}
          disabled={run.cancelAskedAt !== null}
          onClick={() => void cancelRun(run.id)}
        >
          {t('run.cancel')}
        </Button>
      )}
      {/* A graph of before is only looked at: a run of it begins with restoring it. */}
      {!isPast && (
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
      )}
    </Group>
  )
}
