/** In the panel of a node: whether it runs, what happens when it fails, how often it is tried, its pinned results. */
import { failurePolicies, type GraphNode } from '@defect-studio/nodes'
import { Button, NumberInput, Select, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { setBehaviour } from '../graph-edits.ts'
import { useGraphStore } from '../graph-store.ts'

const modes = ['normal', 'muted', 'bypassed'] as const

export function NodeBehaviour({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const edit = useGraphStore((state) => state.edit)
  const change = (to: Parameters<typeof setBehaviour>[2]) =>
    edit((graph) => setBehaviour(graph, node.id, to), `behaviour-${node.id}`)
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {t('runs.behaviour')}
      </Text>
      <Select
        label={t('runs.mode')}
        data={modes.map((value) => ({ value, label: t(`runs.modes.${value}`) }))}
        value={node.mode ?? 'normal'}
        allowDeselect={false}
        onChange={(value) => change({ mode: value === 'muted' || value === 'bypassed' ? value : undefined })}
      />
      <Select
        label={t('runs.onFailure')}
        data={failurePolicies.map((value) => ({ value, label: t(`runs.policies.${value}`) }))}
        value={node.onFailure ?? 'skip-dependents'}
        allowDeselect={false}
        onChange={(value) => change({ onFailure: failurePolicies.find((each) => each === value) })}
      />
      <NumberInput
        label={t('runs.attempts')}
        description={t('runs.attemptsHelp')}
        min={1}
        max={30}
        allowDecimal={false}
        value={node.attempts ?? ''}
        onChange={(value) =>
          change({ attempts: typeof value === 'number' && value >= 1 ? value : undefined })
        }
      />
      {node.pinned && (
        <div>
          <Text size="sm">
            {t('runs.pinned')}: {t('runs.pinHelp')}
          </Text>
          <Button variant="default" size="xs" mt={4} onClick={() => change({ pinned: undefined })}>
            {t('runs.unpin')}
          </Button>
        </div>
      )}
    </Stack>
  )
}
