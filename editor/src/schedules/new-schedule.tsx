/** The form that makes a schedule: a saved graph, when, and what happens when runs overlap. */
import { Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../api/client.ts'
import { allItems, useGraphs } from '../api/queries.ts'
import type { GraphSummary } from '../api/types.ts'
import { showError } from '../shell/show-error.ts'

const overlaps = ['skip', 'buffer_one', 'buffer_all', 'allow_all', 'cancel_other'] as const
const zones = Intl.supportedValuesOf('timeZone')
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

export function NewSchedule({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const graphs = allItems(useGraphs().data)
  const [name, setName] = useState('')
  const [graphId, setGraphId] = useState<string | null>(null)
  const [isFixed, setIsFixed] = useState('latest')
  const [kind, setKind] = useState('cron')
  const [cron, setCron] = useState('0 2 * * *')
  const [minutes, setMinutes] = useState<number | string>(60)
  const [timeZone, setTimeZone] = useState<string | null>(ownZone)
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]>('skip')
  const graph = graphs.find(({ id }) => id === graphId)
  const make = useMutation({
    mutationFn: ({ id, name: graphName, revision }: GraphSummary) =>
      answer(
        api.POST('/api/v1/schedules', {
          body: {
            name: name.trim() || graphName,
            graphId: id,
            revision: isFixed === 'fixed' ? revision : null,
            timing:
              kind === 'cron'
                ? { kind: 'cron', cron }
                : { kind: 'interval', everySeconds: Math.round(Number(minutes) * 60) },
            timeZone: timeZone ?? 'UTC',
            overlap,
          },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['schedules'] })
      onClose()
    },
    onError: showError,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (graph) make.mutate(graph)
  }
  return (
    <Modal opened onClose={onClose} title={t('schedules.make')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label={t('schedules.graph')}
            data={graphs.map(({ id, name: label }) => ({ value: id, label }))}
            value={graphId}
            onChange={setGraphId}
            searchable
            required
            data-autofocus
          />
          <TextInput
            label={t('schedules.name')}
            placeholder={graph?.name ?? ''}
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label={t('schedules.version')}
            value={isFixed}
            onChange={setIsFixed}
            data={[
              { value: 'latest', label: t('schedules.latest') },
              { value: 'fixed', label: t('schedules.fixed', { revision: graph?.revision ?? 1 }) },
            ]}
          />
          <SegmentedControl
            aria-label={t('schedules.timing')}
            value={kind}
            onChange={setKind}
            data={[
              { value: 'cron', label: t('schedules.cron') },
              { value: 'interval', label: t('schedules.interval') },
            ]}
          />
          {kind === 'cron' ? (
            <TextInput
              label={t('schedules.cron')}
              description={t('schedules.cronHelp')}
              maxLength={200}
              required
              value={cron}
              onChange={(event) => setCron(event.currentTarget.value)}
            />
          ) : (
            <NumberInput
              label={t('schedules.interval')}
              suffix={` ${t('schedules.minutes')}`}
              min={1}
              max={525_600}
              value={minutes}
              onChange={setMinutes}
            />
          )}
          <Select
            label={t('schedules.zone')}
            data={zones.includes('UTC') ? zones : ['UTC', ...zones]}
            value={timeZone}
            onChange={setTimeZone}
            searchable
          />
          <Select
            label={t('schedules.overlap')}
            data={overlaps.map((value) => ({ value, label: t(`schedules.overlaps.${value}`) }))}
            value={overlap}
            onChange={(value) => setOverlap(overlaps.find((one) => one === value) ?? 'skip')}
            allowDeselect={false}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending} disabled={graphId === null}>
              {t('schedules.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
