/** One run, live while it goes: each node's state, cost and pictures. */
import { findDefinition, isFinal } from '@defect-studio/nodes'
import { Alert, Button, Group, Paper, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useRun } from '../api/queries.ts'
import type { NodeRun } from '../api/types.ts'
import { openLightbox, type ShownPicture } from '../gallery/lightbox.tsx'
import { useFormat } from '../i18n/use-format.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { NodeIcon } from '../canvas/node-icon.tsx'
import { MadeTexts } from '../runs/made-texts.tsx'
import { notesOf } from '../runs/notes-of.ts'
import { useProblemText } from '../runs/problem-text.ts'
import { clearRun, showRun, useRunView } from '../runs/run-view.ts'
import { cancelRun } from '../runs/start-run.ts'
import { StateBadge } from '../runs/state-badge.tsx'
import { AsyncList } from '../shell/async-list.tsx'
import { PageFrame } from '../shell/page-frame.tsx'
import { showError } from '../shell/show-error.ts'

export function RunPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation()
  const { date, span, number } = useFormat()
  const words = useProblemText()
  const answer = useRun(id)
  const live = useRunView((view) => view.run)
  useEffect(() => {
    showRun(id).catch(showError)
    return clearRun
  }, [id])
  const run = live?.id === id ? live : answer.data
  return (
    <PageFrame
      title={run?.graphName ?? t('shell.pages.runs')}
      actions={
        run && (
          <Group gap="xs">
            {!isFinal(run.status) && (
              <Button
                variant="default"
                disabled={run.cancelAskedAt !== null}
                onClick={() => void cancelRun(id)}
              >
                {t('run.cancel')}
              </Button>
            )}
            {run.graphId && (
              <Button component={Link} to={`/graphs/${run.graphId}?run=${id}`}>
                {t('run.onGraph')}
              </Button>
            )}
          </Group>
        )
      }
    >
      <AsyncList answer={answer} isEmpty={!run} empty={null}>
        {run && (
          <Stack>
            <Group gap="md">
              <StateBadge state={run.status} size="md" />
              <Text size="sm" c="dimmed">
                {date(run.createdAt)} · {span(run.startedAt, run.endedAt)} ·{' '}
                {t('run.costOf', { tokens: number(run.cost), quote: number(run.quote), count: run.cost })}
              </Text>
            </Group>
            {run.failure && (
              <Alert color="red" title={words.failure(run.failure).message}>
                {words.failure(run.failure).remedy}
              </Alert>
            )}
            {run.nodeRuns.map((nodeRun) => (
              <NodeRunRow key={nodeRun.nodeId} nodeRun={nodeRun} />
            ))}
          </Stack>
        )}
      </AsyncList>
    </PageFrame>
  )
}

/** A node without a name of its own was planned with its definition's title, which we have in every language. */
const isOwnTitle = ({ title, type }: NodeRun): boolean =>
  title !== '' && title !== findDefinition(type)?.title

/** More are one click away, in the window that the first one opens. */
const shownPictures = 8

function NodeRunRow({ nodeRun }: { nodeRun: NodeRun }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const words = useProblemText()
  const { span, number } = useFormat()
  const pictures = nodeRun.outputs.flatMap((output) =>
    output.items.flatMap((item): ShownPicture[] =>
      item.image ? [{ name: item.name, picture: item.image, mask: item.mask }] : [],
    ),
  )
  return (
    <Paper withBorder p="md" bg="var(--studio-card)">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <NodeIcon type={nodeRun.type} size={20} />
          <Title order={2} size="h5">
            {isOwnTitle(nodeRun) ? nodeRun.title : text.title(nodeRun.type)}
          </Title>
        </Group>
        <Group gap="sm" wrap="nowrap">
          <Text size="xs" c="dimmed">
            {number(nodeRun.itemsDone)}/{number(nodeRun.itemsTotal)} ·{' '}
            {span(nodeRun.startedAt, nodeRun.endedAt)} ·{' '}
            {t('run.cost', { count: nodeRun.cost, tokens: number(nodeRun.cost) })}
          </Text>
          <StateBadge state={nodeRun.state} />
        </Group>
      </Group>
      {nodeRun.failure && (
        <Text size="sm" mt="xs" c="var(--mantine-color-error)">
          {words.failure(nodeRun.failure).message} <strong>{words.failure(nodeRun.failure).remedy}</strong>
        </Text>
      )}
      {notesOf(nodeRun).map((note) => (
        <Text key={note} size="sm" mt="xs" c="dimmed">
          {note}
        </Text>
      ))}
      <MadeTexts nodeRun={nodeRun} />
      {pictures.length > 0 && (
        <Group mt="sm" gap="xs">
          {pictures.slice(0, shownPictures).map(({ name, picture }, index) => (
            <UnstyledButton
              key={index}
              className="checkerboard"
              style={{ borderRadius: 6, overflow: 'hidden', border: '1px solid var(--studio-line)' }}
              aria-label={t('canvas.enlarge', { name })}
              onClick={() => openLightbox(pictures, index)}
            >
              <img
                src={picture.thumbnailUrl}
                alt=""
                width={104}
                height={104}
                loading="lazy"
                style={{ objectFit: 'contain', display: 'block' }}
              />
            </UnstyledButton>
          ))}
          {pictures.length > shownPictures && (
            <Text size="sm" c="dimmed">
              {t('run.more', { count: pictures.length - shownPictures })}
            </Text>
          )}
        </Group>
      )}
    </Paper>
  )
}
