/** The texts that a node made: a prompt to read and to copy, a list to scroll through. */
import type { GraphNode } from '@defect-studio/nodes'
import { findDefinition } from '@defect-studio/nodes'
import { ActionIcon, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../api/types.ts'
import { useNodeText } from '../i18n/node-text.ts'

export function CardTexts({ node, nodeRun }: { node: GraphNode; nodeRun: NodeRun | undefined }) {
  // What a person typed into an input node stands in its form already.
  if (!nodeRun || findDefinition(node.type)?.category === 'input') return null
  return nodeRun.outputs
    .filter((output) => output.type === 'text' && output.items.length > 0)
    .map((output) => <MadeText key={output.port} node={node} output={output} />)
}

function MadeText({ node, output }: { node: GraphNode; output: NodeRun['outputs'][number] }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const name = text.port(node.type, 'outputs', output.port)
  const made = output.items.map((item) => item.text ?? '').join('\n\n')
  return (
    <div className="card-text nodrag nopan nowheel">
      <div className="card-text-head">
        <span>{name}</span>
        <CopyButton value={made}>
          {({ copied, copy }) => (
            <ActionIcon size="xs" variant="subtle" aria-label={t('canvas.copyText', { name })} onClick={copy}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          )}
        </CopyButton>
      </div>
      {/* A keyboard scrolls what has the focus. */}
      <pre tabIndex={0} aria-label={name}>
        {made}
      </pre>
    </div>
  )
}
