/** What the graph takes and gives by name: how the command line and the API speak to it. */
import { Anchor, Code, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { renameInput, renameOutput } from '../graph-edits.ts'
import { useGraph, useGraphStore, useIsLocked } from '../graph-store.ts'
import { NameField } from '../params/graph-input-toggle.tsx'

export function GraphInterface() {
  const { t } = useTranslation()
  const { inputs, outputs } = useGraph()
  const locked = useIsLocked()
  const { edit, select } = useGraphStore.getState()
  return (
    <Stack gap="lg">
      <section>
        <Title order={2} size="h4">
          {t('panel.inputs')}
        </Title>
        <Text size="sm" c="dimmed" mt={4}>
          {t('panel.inputsText')}
        </Text>
        {inputs.map((input) => (
          <div key={`${input.nodeId}.${input.field}`}>
            <NameField
              label={`${input.nodeId}.${input.field}`}
              name={input.name}
              taken={inputs.filter((each) => each !== input).map((each) => each.name)}
              disabled={locked}
              onRename={(name) => edit((graph) => renameInput(graph, input.nodeId, input.field, name))}
            />
            <Anchor component="button" size="xs" onClick={() => select([input.nodeId])}>
              {t('panel.showNode')}
            </Anchor>
          </div>
        ))}
      </section>
      <section>
        <Title order={2} size="h4">
          {t('panel.outputs')}
        </Title>
        <Text size="sm" c="dimmed" mt={4}>
          {t('panel.outputsText')}
        </Text>
        {outputs.map((output) => (
          <NameField
            key={`${output.nodeId}.${output.port}`}
            label={`${output.nodeId}.${output.port}`}
            name={output.name}
            taken={outputs.filter((each) => each !== output).map((each) => each.name)}
            disabled={locked}
            onRename={(name) => edit((graph) => renameOutput(graph, output.nodeId, output.port, name))}
          />
        ))}
      </section>
      <section>
        <Title order={2} size="h4">
          {t('panel.headless')}
        </Title>
        <Text size="sm" c="dimmed" mt={4} mb={6}>
          {t('panel.headlessText')}
        </Text>
        <Code block style={{ whiteSpace: 'pre-wrap' }}>
          {[
            'npm run studio -- run graph.json',
            ...inputs.map((input) => `--input ${input.name}=…`),
            '--out out',
          ].join(' ')}
        </Code>
      </section>
    </Stack>
  )
}
