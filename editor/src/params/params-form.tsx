/** The form of a node, made from its definition: one field for each param that matters now. */
import { findDefinition, paramMeta, type GraphNode } from '@defect-studio/nodes'
import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { setParam, shownParams } from '../graph-edits.ts'
import { useGraphStore } from '../graph-store.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { useNodeProblems } from '../runs/problem-store.ts'
import { useProblemText } from '../runs/problem-text.ts'
import { fieldKind } from './field-kind.ts'
import { fields } from './fields/index.ts'
import { GraphInputToggle, mayBeInput } from './graph-input-toggle.tsx'
import { LinkField } from './link-field.tsx'
import { SourcePreview } from './source-preview.tsx'

export function ParamsForm({ node }: { node: GraphNode }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const words = useProblemText()
  const problems = useNodeProblems(node.id)
  const edit = useGraphStore((state) => state.edit)
  const definition = findDefinition(node.type)
  if (!definition) return null
  const params = shownParams(node)
  const shown = paramMeta(definition).filter(
    ([, meta]) => !meta.showWhen || params[meta.showWhen.field] === meta.showWhen.equals,
  )
  if (shown.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('form.nothing')}
      </Text>
    )
  return (
    <Stack gap="md">
      {shown.map(([field, meta]) => {
        const kind = fieldKind(definition, field, meta)
        const Field = fields[kind]
        const problem = problems.find((each) => each.field === field && each.code !== 'missing-input')
        return (
          <div key={field} data-field={field}>
            <Field
              node={node}
              definition={definition}
              field={field}
              meta={meta}
              value={params[field]}
              label={text.param(node.type, field, meta.title)}
              help={meta.help ? text.help(node.type, field, meta.help) : ''}
              error={problem ? words.problem(problem).message : ''}
              onChange={(value, typing) =>
                edit(
                  (graph) => setParam(graph, node.id, field, value),
                  typing ? `param-${node.id}-${field}` : undefined,
                )
              }
            />
            <LinkField node={node} field={field} label={text.param(node.type, field, meta.title)} />
            {mayBeInput(kind) && <GraphInputToggle nodeId={node.id} field={field} />}
          </div>
        )
      })}
      {definition.kind === 'source' && <SourcePreview key={node.id} node={node} />}
    </Stack>
  )
}
