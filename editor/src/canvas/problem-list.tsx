/** Everything that keeps the graph from running, in one list; a click leads to the node. */
import { Badge, Collapse, Paper, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconAlertTriangle, IconChevronDown } from '@tabler/icons-react'
import { useReactFlow } from '@xyflow/react'
import { useTranslation } from 'react-i18next'
import { useGraph, useGraphStore } from '../graph-store.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { useProblemText } from '../runs/problem-text.ts'
import { useVerdict } from '../runs/problem-store.ts'
import classes from './problem-list.module.css'

export function ProblemList() {
  const { t } = useTranslation()
  const text = useNodeText()
  const words = useProblemText()
  const graph = useGraph()
  const flow = useReactFlow()
  const problems = useVerdict((verdict) => verdict.problems)
  const [opened, { toggle }] = useDisclosure(false)
  if (problems.length === 0 || graph.nodes.length === 0) return null

  const titleOf = (nodeId: string) => {
    const node = graph.nodes.find((each) => each.id === nodeId)
    return node ? (node.title ?? text.title(node.type)) : nodeId
  }
  const focus = (nodeId: string) => {
    useGraphStore.getState().select([nodeId])
    void flow.fitView({ nodes: [{ id: nodeId }], maxZoom: 1, duration: 200 })
  }

  return (
    <Paper withBorder shadow="sm" className={classes['list'] ?? ''}>
      <UnstyledButton className={classes['head'] ?? ''} onClick={toggle} aria-expanded={opened}>
        <IconAlertTriangle size={18} color="var(--mantine-color-orange-6)" aria-hidden />
        <Text size="sm" fw={600} flex={1}>
          {t('canvas.problems', { count: problems.length })}
        </Text>
        <IconChevronDown size={16} style={{ rotate: opened ? '180deg' : undefined }} aria-hidden />
      </UnstyledButton>
      <Collapse expanded={opened}>
        <ScrollArea.Autosize mah={220}>
          {problems.map((problem, index) => {
            const { nodeId } = problem
            const { message, remedy } = words.problem(problem)
            return (
              <UnstyledButton
                key={index}
                className={classes['item'] ?? ''}
                onClick={() => {
                  if (nodeId) focus(nodeId)
                }}
              >
                {nodeId && (
                  <Badge variant="default" size="sm" tt="none">
                    {titleOf(nodeId)}
                  </Badge>
                )}
                <Text size="sm" mt={2} component="span" display="block">
                  {message}{' '}
                  <Text span c="dimmed" inherit>
                    {remedy}
                  </Text>
                </Text>
              </UnstyledButton>
            )
          })}
        </ScrollArea.Autosize>
      </Collapse>
    </Paper>
  )
}
