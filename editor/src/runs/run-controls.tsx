/** Pause, go on, stop, and who goes first: for a run that is under way. */
import { isFinal } from '@defect-studio/nodes'
import { ActionIcon, Button, Select, Switch, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerStopFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../api/types.ts'
import { cancelRun, keepRun, pauseRun, prioritiseRun, resumeRun } from './control-run.ts'

const levels = ['1', '2', '3', '4', '5'] as const

interface RunControlsProps {
  run: Pick<RunSummary, 'id' | 'status' | 'paused' | 'priority' | 'cancelAskedAt' | 'kept'>
  /** Where there is little room: no choice of priority. */
  compact?: boolean
}

export function RunControls({ run, compact = false }: RunControlsProps) {
  const { t } = useTranslation()
  if (isFinal(run.status))
    return compact ? null : (
      <Switch
        label={t('runs.keep')}
        checked={run.kept}
        onChange={(event) => void keepRun(run.id, event.currentTarget.checked)}
      />
    )
  const Icon = run.paused ? IconPlayerPlay : IconPlayerPause
  const name = run.paused ? t('runs.resume') : t('runs.pause')
  return (
    <>
      {!compact && (
        <Select
          size="sm"
          w={150}
          aria-label={t('runs.priority')}
          data={levels.map((value) => ({ value, label: t(`runs.priorities.${value}`) }))}
          value={String(run.priority)}
          allowDeselect={false}
          onChange={(value) => void prioritiseRun(run.id, Number(value))}
        />
      )}
      <Tooltip label={name}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={name}
          onClick={() => void (run.paused ? resumeRun(run.id) : pauseRun(run.id))}
        >
          <Icon size={18} />
        </ActionIcon>
      </Tooltip>
      <Button
        variant="default"
        leftSection={<IconPlayerStopFilled size={16} />}
        disabled={run.cancelAskedAt !== null}
        onClick={() => void cancelRun(run.id)}
      >
        {t('run.cancel')}
      </Button>
    </>
  )
}
