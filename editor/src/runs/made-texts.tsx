/** The texts that a node made: a prompt to read and to copy, a list to scroll through. */
import { findDefinition } from '@defect-studio/nodes'
import { ActionIcon, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { NodeRun } from '../api/types.ts'
import { useNodeText } from '../i18n/node-text.ts'
import classes from './made-texts.module.css'

export function MadeTexts({ nodeRun }: { nodeRun: NodeRun | undefined }) {
  // What a person typed into an input node stands in its form already.
  if (!nodeRun || findDefinition(nodeRun.type)?.category === 'input') return null
  return nodeRun.outputs
    .filter((output) => output.type === 'text' && output.items.length > 0)
    .map((output) => <MadeText key={output.port} type={nodeRun.type} output={output} />)
}

function MadeText({ type, output }: { type: string; output: NodeRun['outputs'][number] }) {
  const { t } = useTranslation()
  const text = useNodeText()
  const name = text.port(type, 'outputs', output.port)
  const made = output.items.map((item) => item.text ?? '').join('\n\n')
  return (
    // On the canvas a wheel scrolls the text, not the graph, and a drag selects words.
    <div className={`${classes['text']} nodrag nopan nowheel`}>
      <div className={classes['head']}>
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
