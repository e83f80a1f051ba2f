/** Saved graphs that run by the clock: when they come next, and why one has stopped. */
import { Anchor, Badge, Button, Table, Text } from '@mantine/core'
import { IconCalendarTime } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { allItems } from '../api/queries.ts'
import { useSchedules } from '../api/schedule-queries.ts'
import type { Schedule } from '../api/types.ts'
import { useFormat } from '../i18n/use-format.ts'
import { NewSchedule } from '../schedules/new-schedule.tsx'
import { ScheduleActions } from '../schedules/schedule-actions.tsx'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

export function SchedulesPage() {
  const { t } = useTranslation()
  const [isMaking, setIsMaking] = useState(false)
  const answer = useSchedules()
  const schedules = allItems(answer.data)
  const make = <Button onClick={() => setIsMaking(true)}>{t('schedules.make')}</Button>
  return (
    <PageFrame title={t('shell.pages.schedules')} actions={schedules.length > 0 ? make : undefined}>
      {isMaking && <NewSchedule onClose={() => setIsMaking(false)} />}
      <AsyncList
        answer={answer}
        isEmpty={schedules.length === 0}
        empty={
          <Empty
            icon={<IconCalendarTime size={32} />}
            title={t('schedules.emptyTitle')}
            text={t('schedules.emptyText')}
            action={make}
          />
        }
      >
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('schedules.name')}</Table.Th>
              <Table.Th>{t('schedules.timing')}</Table.Th>
              <Table.Th>{t('schedules.next')}</Table.Th>
              <Table.Th>{t('schedules.state')}</Table.Th>
              <Table.Th aria-label={t('common.actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {schedules.map((schedule) => (
              <ScheduleRow key={schedule.id} schedule={schedule} />
            ))}
          </Table.Tbody>
        </Table>
        <MoreButton list={answer} />
      </AsyncList>
    </PageFrame>
  )
}

function ScheduleRow({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation()
  const { date } = useFormat()
  const { timing } = schedule
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600}>{schedule.name}</Text>
        <Anchor component={Link} to={`/graphs/${schedule.graphId}`} size="sm">
          {schedule.graphName}
        </Anchor>
        <Text size="xs" c="dimmed">
          {schedule.revision === null
            ? t('schedules.latest')
            : t('schedules.fixed', { revision: schedule.revision })}
          {' · '}
          {schedule.owner.name}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          {timing.kind === 'cron' ? timing.cron : timingText(timing, t('schedules.minutes'))}
        </Text>
        <Text size="xs" c="dimmed">
          {schedule.timeZone} · {t(`schedules.overlaps.${schedule.overlap}`)}
        </Text>
      </Table.Td>
      <Table.Td>
        {schedule.nextTimes.slice(0, 3).map((time) => (
          <Text key={time} size="sm">
            {date(time)}
          </Text>
        ))}
        {schedule.nextTimes.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('schedules.never')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Badge color={schedule.paused ? 'gray' : 'teal'} variant="light">
          {schedule.paused ? t('schedules.paused') : t('schedules.active')}
        </Badge>
        {schedule.stoppedBecause && (
          <Text size="xs" c="red" maw={240}>
            {t('schedules.stopped', { because: schedule.stoppedBecause })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <ScheduleActions schedule={schedule} />
      </Table.Td>
    </Table.Tr>
  )
}

function timingText(timing: Exclude<Schedule['timing'], { kind: 'cron' }>, minutes: string): string {
  if (timing.kind === 'interval') return `${timing.everySeconds / 60} ${minutes}`
  const { hours, minutes: at = [0], daysOfMonth, daysOfWeek, months } = timing
  return [months, daysOfMonth, daysOfWeek, hours, at].map((part) => part?.join(',') ?? '*').join(' ')
}
