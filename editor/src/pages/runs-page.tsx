/** Every run of the member, newest first: how it ended and what it cost. */
import { Anchor, Button, Table, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { IconHistory } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { allItems, useRuns } from '../api/queries.ts'
import { useFormat } from '../i18n/use-format.ts'
import { cancelAllRuns } from '../runs/control-run.ts'
import { RunFailure } from '../runs/run-failure.tsx'
import { RunStateBadge } from '../runs/run-state-badge.tsx'
import { AsyncList, Empty } from '../shell/async-list.tsx'
import { MoreButton } from '../shell/more-button.tsx'
import { PageFrame } from '../shell/page-frame.tsx'

/** Why a run failed takes what width is left by what is short. */
const oneLine = { whiteSpace: 'nowrap' } as const

export function RunsPage() {
  const { t } = useTranslation()
  const { date, span, number } = useFormat()
  const answer = useRuns()
  const runs = allItems(answer.data)
  return (
    <PageFrame title={t('shell.pages.runs')} actions={<CancelAll />}>
      <AsyncList
        answer={answer}
        isEmpty={runs.length === 0}
        empty={
          <Empty
            icon={<IconHistory size={32} />}
            title={t('run.emptyTitle')}
            text={t('run.emptyText')}
            action={
              <Button component={Link} to="/graphs">
                {t('gallery.toGraphs')}
              </Button>
            }
          />
        }
      >
        <Table highlightOnHover verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('run.graph')}</Table.Th>
              <Table.Th>{t('run.status')}</Table.Th>
              <Table.Th>{t('runs.items')}</Table.Th>
              <Table.Th>{t('run.started')}</Table.Th>
              <Table.Th>{t('run.time')}</Table.Th>
              <Table.Th ta="right">{t('run.costTitle')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Table.Tr key={run.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/runs/${run.id}`} fw={600}>
                    {run.graphName}
                  </Anchor>
                  <RunFailure failure={run.failure} />
                </Table.Td>
                <Table.Td style={oneLine}>
                  <RunStateBadge run={run} />
                </Table.Td>
                <Table.Td style={oneLine}>
                  {number(run.items.done)}/{number(run.items.total)}
                  {run.items.failed > 0 && (
                    <Text size="xs" c="var(--mantine-color-error)">
                      {t('runs.itemsFailed', { count: run.items.failed })}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td style={oneLine}>{date(run.createdAt)}</Table.Td>
                <Table.Td style={oneLine}>{span(run.startedAt, run.endedAt)}</Table.Td>
                <Table.Td ta="right" style={oneLine}>
                  {t('run.cost', { count: run.cost, tokens: number(run.cost) })}
                  {run.saved > 0 && (
                    <Text size="xs" c="dimmed">
                      {t('runs.saved', { count: run.saved, tokens: number(run.saved) })}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <MoreButton list={answer} />
      </AsyncList>
    </PageFrame>
  )
}

function CancelAll() {
  const { t } = useTranslation()
  const cancel = async () => {
    const count = await cancelAllRuns()
    if (count === null) return
    notifications.show({ message: count > 0 ? t('runs.cancelled', { count }) : t('runs.nothingToCancel') })
  }
  const ask = () =>
    modals.openConfirmModal({
      title: t('runs.cancelAllTitle'),
      children: <Text size="sm">{t('runs.cancelAllText')}</Text>,
      labels: { confirm: t('runs.cancelAll'), cancel: t('runs.notNow') },
      confirmProps: { color: 'red' },
      onConfirm: () => void cancel(),
    })
  return (
    <Button variant="default" onClick={ask}>
      {t('runs.cancelAll')}
    </Button>
  )
}
