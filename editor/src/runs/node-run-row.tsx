/** One node of a run on its page: how far it is, what it cost and saved, what failed, and its pictures. */
import { findDefinition } from '@defect-studio/nodes'
import { Group, Paper, Progress, Text, Title, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../api/types.ts'
import { NodeIcon } from '../canvas/node-icon.tsx'
import { openLightbox, type ShownPicture } from '../gallery/lightbox.tsx'
import { useNodeText } from '../i18n/node-text.ts'
import { useFormat } from '../i18n/use-format.ts'
import { FailedItems } from './failed-items.tsx'
import { MadeTexts } from './made-texts.tsx'
import { notesOf } from './notes-of.ts'
import { useProblemText } from './problem-text.ts'
import { useRunView } from './run-view.ts'
import { secondsLeft } from './seconds-left.ts'
import { StateBadge } from './state-badge.tsx'
import { useNow } from './use-now.ts'

/** A node without a name of its own was planned with its definition's title, which we have in every language. */
const isOwnTitle = ({ title, type }: NodeRun): boolean =>
  title !== '' && title !== findDefinition(type)?.title

export function NodeRunRow({ runId, nodeRun }: { runId: string; nodeRun: NodeRun }) {
  const text = useNodeText()
  const words = useProblemText()
  return (
    <Paper withBorder p="md" bg="var(--studio-card)" data-node={nodeRun.nodeId} data-state={nodeRun.state}>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <NodeIcon type={nodeRun.type} size={20} />
          <Title order={2} size="h5">
            {isOwnTitle(nodeRun) ? nodeRun.title : text.title(nodeRun.type)}
          </Title>
        </Group>
        <Group gap="sm" wrap="nowrap">
          <NodeFigures nodeRun={nodeRun} />
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
      <FailedItems runId={runId} nodeRun={nodeRun} />
      <MadeTexts nodeRun={nodeRun} />
      <Pictures nodeRun={nodeRun} />
    </Paper>
  )
}

function NodeFigures({ nodeRun }: { nodeRun: NodeRun }) {
  const { t } = useTranslation()
  const { span, number, seconds } = useFormat()
  const running = nodeRun.state === 'running'
  const isPaused = useRunView((view) => view.run?.paused ?? false)
  const pace = useRunView((view) => view.pace[nodeRun.nodeId])
  const now = useNow(running)
  const left = running && !isPaused && pace ? secondsLeft(pace, nodeRun.itemsTotal, now) : null
  const settled = nodeRun.itemsDone + nodeRun.itemsFailed
  const workers = [
    ...new Set(nodeRun.outputs.flatMap(({ items }) => items.flatMap(({ worker }) => worker ?? []))),
  ]
  const figures = [
    `${number(nodeRun.itemsDone)}/${number(nodeRun.itemsTotal)}`,
    ...(nodeRun.itemsCached > 0 ? [t('runs.itemsCached', { count: nodeRun.itemsCached })] : []),
    ...(nodeRun.itemsFailed > 0 ? [t('runs.itemsFailed', { count: nodeRun.itemsFailed })] : []),
    span(nodeRun.startedAt, nodeRun.endedAt),
    ...(left === null || left === 0 ? [] : [t('runs.left', { time: seconds(left) })]),
    t('run.cost', { count: nodeRun.cost, tokens: number(nodeRun.cost) }),
    ...(nodeRun.saved > 0 ? [t('runs.saved', { count: nodeRun.saved, tokens: number(nodeRun.saved) })] : []),
    ...(workers.length > 0 ? [t('runs.madeBy', { name: workers.join(', ') })] : []),
  ]
  return (
    <>
      {running && nodeRun.itemsTotal > 1 && (
        <Progress
          w={90}
          size="sm"
          value={(settled / nodeRun.itemsTotal) * 100}
          aria-label={t('canvas.progress')}
        />
      )}
      <Text size="xs" c="dimmed">
        {figures.join(' · ')}
      </Text>
    </>
  )
}

/** More are one click away, in the window that the first one opens. */
const shownPictures = 8

function Pictures({ nodeRun }: { nodeRun: NodeRun }) {
  const { t } = useTranslation()
  const pictures = nodeRun.outputs.flatMap((output) =>
    output.items.flatMap((item): ShownPicture[] =>
      item.image ? [{ name: item.name, picture: item.image, mask: item.mask }] : [],
    ),
  )
  const total = nodeRun.outputs.reduce(
    (sum, { items, total }) => sum + (items.some(({ image }) => image) ? total : 0),
    0,
  )
  if (pictures.length === 0) return null
  return (
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
      {total > shownPictures && (
        <Text size="sm" c="dimmed">
          {t('run.more', { count: total - shownPictures })}
        </Text>
      )}
    </Group>
  )
}
