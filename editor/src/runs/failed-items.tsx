/** The items of a node that failed, with their words, page by page: a batch of ten thousand may have many. */
import { Button, List, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client.ts'
import { allItems, usePages } from '../api/queries.ts'
import type { NodeRun } from '../api/types.ts'
import { MoreButton } from '../shell/more-button.tsx'
import { useProblemText } from './problem-text.ts'

export function FailedItems({ runId, nodeRun }: { runId: string; nodeRun: NodeRun }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  // A node with one item says why it failed itself.
  if (nodeRun.itemsFailed === 0 || nodeRun.itemsTotal === 1) return null
  if (!isOpen)
    return (
      <Button variant="subtle" color="red" size="compact-sm" mt="xs" onClick={() => setOpen(true)}>
        {t('runs.showFailed', { count: nodeRun.itemsFailed })}
      </Button>
    )
  return <FailedList runId={runId} nodeId={nodeRun.nodeId} count={nodeRun.itemsFailed} />
}

function FailedList({ runId, nodeId, count }: { runId: string; nodeId: string; count: number }) {
  const { t } = useTranslation()
  const words = useProblemText()
  // The count is a part of the key: when more fail, the list is asked for again.
  const answer = usePages(['run-items', runId, nodeId, String(count)], ({ cursor }) =>
    api.GET('/api/v1/runs/{id}/nodes/{nodeId}/items', {
      params: {
        path: { id: runId, nodeId },
        query: { state: 'failed', ...(cursor ? { cursor: Number(cursor) } : {}) },
      },
    }),
  )
  return (
    <Stack gap={4} mt="xs">
      <Text size="sm" fw={600}>
        {t('runs.failedItems')}
      </Text>
      <List size="sm" spacing={2}>
        {allItems(answer.data).map(({ index, name, failure }) => (
          <List.Item key={index}>
            {name}
            {failure && (
              <Text span size="sm" c="var(--mantine-color-error)">
                {': '}
                {words.failure(failure).message} <strong>{words.failure(failure).remedy}</strong>
              </Text>
            )}
          </List.Item>
        ))}
      </List>
      <MoreButton list={answer} />
    </Stack>
  )
}
