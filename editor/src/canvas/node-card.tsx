/** One card for every node, drawn from its definition: ports, what it is set to, and how its run goes. */
import { findDefinition } from '@defect-studio/nodes'
import type { NodeProps } from '@xyflow/react'
import { memo, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodeText } from '../i18n/node-text.ts'
import { useNodeProblems } from '../runs/problem-store.ts'
import { MadeTexts } from '../runs/made-texts.tsx'
import { useNodeRun } from '../runs/run-view.ts'
import { CardFoot } from './card-foot.tsx'
import { CardMarks } from './card-marks.tsx'
import { CardPictures } from './card-pictures.tsx'
import { CardTrouble } from './card-trouble.tsx'
import { useFedParams } from './fed-params.ts'
import type { CardNode } from './flow-items.ts'
import { NodeIcon } from './node-icon.tsx'
import { PortHandle } from './port-handle.tsx'
import { useParamSummary } from './param-summary.ts'

interface CardStyle extends CSSProperties {
  '--accent': string
}

export const NodeCard = memo(function NodeCard({ data: { node } }: NodeProps<CardNode>) {
  const { t } = useTranslation()
  const text = useNodeText()
  const problems = useNodeProblems(node.id)
  const nodeRun = useNodeRun(node.id)
  const summary = useParamSummary(node)
  const definition = findDefinition(node.type)
  const fedParams = useFedParams(node)
  const style: CardStyle = { '--accent': `var(--studio-category-${definition?.category ?? 'output'})` }
  return (
    <div
      className="card"
      style={style}
      data-node={node.id}
      data-state={nodeRun?.state}
      data-mode={node.mode}
      data-pinned={node.pinned !== undefined || undefined}
      data-problem={problems.length > 0 || undefined}
    >
      <div className="card-head">
        <NodeIcon type={node.type} size={18} />
        <span className="card-title">{node.title ?? text.title(node.type)}</span>
        <CardMarks node={node} />
      </div>
      {definition ? (
        <div className="card-ports">
          <div>
            {Object.entries(definition.inputs).map(([name, port]) => (
              <PortHandle key={name} side="inputs" type={node.type} name={name} port={port} />
            ))}
            {fedParams.map(([name, port]) => (
              <PortHandle key={name} side="inputs" type={node.type} name={name} port={port} />
            ))}
          </div>
          <div className="port-outputs">
            {Object.entries(definition.outputs).map(([name, port]) => (
              <PortHandle key={name} side="outputs" type={node.type} name={name} port={port} />
            ))}
          </div>
        </div>
      ) : (
        <p className="card-trouble" data-kind="problem">
          {t('canvas.unknownType', { type: node.type })}
        </p>
      )}
      {summary && <p className="card-summary">{summary}</p>}
      <CardPictures node={node} nodeRun={nodeRun} />
      <div className="card-texts">
        <MadeTexts nodeRun={nodeRun} />
      </div>
      <CardTrouble nodeRun={nodeRun} problems={problems} />
      {nodeRun && <CardFoot nodeRun={nodeRun} />}
    </div>
  )
})
