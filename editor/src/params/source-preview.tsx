/** Shows what the list of a source node would hold, before anything runs. */
import type { GraphNode } from '@defect-studio/nodes'
import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import { useSourcePreview } from '../api/source-query.ts'

export function SourcePreview({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const preview = useSourcePreview()
  const { data, error } = preview
  return (
    <Stack gap={6} role="status">
      <Button
        size="xs"
        variant="default"
        loading={preview.isPending}
        onClick={() => preview.mutate({ type: node.type, params: node.params })}
      >
        {t('sources.preview')}
      </Button>
      {error && (
        <Alert color="yellow" p="xs">
          <Text size="xs">
            {error.message} {error instanceof ApiError ? error.remedy : ''}
          </Text>
        </Alert>
      )}
      {data && (
        <>
          <Text size="sm">{t('sources.holds', { count: data.count })}</Text>
          <List size="xs" style={{ overflowWrap: 'anywhere' }}>
            {data.names.map((name) => (
              <List.Item key={name}>{name}</List.Item>
            ))}
          </List>
          {data.count > data.names.length && (
            <Text size="xs" c="dimmed">
              {t('sources.more', { count: data.count - data.names.length })}
            </Text>
          )}
        </>
      )}
    </Stack>
  )
}
