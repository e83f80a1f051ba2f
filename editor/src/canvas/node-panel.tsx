/** The chosen node: its name, what it does, its form, what is wrong with it. */
import { defaultPrices, findDefinition, type GraphNode } from '@defect-studio/nodes'
import { Alert, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { setTitle, shownParams } from '../graph-edits.ts'
import { useGraphStore, useIsLocked } from '../graph-store.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { PresetButtons } from '../presets/preset-buttons.tsx'
import { ParamsForm } from '../params/params-form.tsx'
import { useNodeProblems } from '../runs/problem-store.ts'
import { useProblemText } from '../runs/problem-text.ts'
import { NodeBehaviour } from './node-behaviour.tsx'
import { NodeIcon } from './node-icon.tsx'
import classes from './side-panel.module.css'

export function NodePanel({ node, count }: { node: GraphNode | undefined; count: number }) {
  const { t } = useTranslation()
  if (node) return <ChosenNode node={node} />
  return (
    <Text size="sm" c="dimmed">
      {count > 1 ? t('panel.several', { count }) : t('panel.none')}
    </Text>
  )
}

function ChosenNode({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const words = useProblemText()
  const edit = useGraphStore((state) => state.edit)
  const unconnected = useNodeProblems(node.id).filter((problem) => problem.code === 'missing-input')
  const price = priceOf(node)
  const locked = useIsLocked()
  return (
    <Stack gap="md">
      <div>
        <Group gap="xs" wrap="nowrap">
          <NodeIcon type={node.type} size={20} />
          <Title order={2} size="h4">
            {text.title(node.type)}
          </Title>
        </Group>
        <Text size="sm" c="dimmed" mt={4}>
          {text.description(node.type)}
        </Text>
        <Text size="xs" c="dimmed" mt={4}>
          {price !== null && `${price === 0 ? t('panel.free') : t('panel.price', { count: price })} · `}
          {node.id}
        </Text>
      </div>
      {unconnected.map((problem) => (
        <Alert key={problem.field} color="orange" p="xs">
          <Text size="xs">
            {words.problem(problem).message} {words.problem(problem).remedy}
          </Text>
        </Alert>
      ))}
      <fieldset className={classes['fields']} disabled={locked}>
        <TextInput
          label={t('panel.title')}
          placeholder={text.title(node.type)}
          maxLength={100}
          value={node.title ?? ''}
          onChange={(event) => {
            const title = event.currentTarget.value
            edit((graph) => setTitle(graph, node.id, title), `title-${node.id}`)
          }}
        />
        <PresetButtons node={node} />
        <ParamsForm node={node} />
        <NodeBehaviour node={node} />
      </fieldset>
    </Stack>
  )
}

/** Tokens for one item; null while the params are not valid. */
function priceOf(node: GraphNode): number | null {
  const definition = findDefinition(node.type)
  const params = definition?.params.safeParse(shownParams(node))
  return definition && params?.success ? definition.price(params.data, defaultPrices) : null
}
