/** A port on a card: its dot in the colour of its type, and its name. */
import { fieldOfHandle, type Port } from '@defect-studio/nodes'
import { Handle, Position } from '@xyflow/react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { useNodeText } from '../i18n/node-text.ts'

interface PortHandleProps {
  side: 'inputs' | 'outputs'
  type: string
  name: string
  port: Port
}

interface PortStyle extends CSSProperties {
  '--port': string
}

export function PortHandle({ side, type, name, port }: PortHandleProps) {
  const { t } = useTranslation()
  const text = useNodeText()
  const style: PortStyle = { '--port': `var(--studio-port-${port.type})` }
  const field = fieldOfHandle(name)
  const title = field === null ? text.port(type, side, name) : text.param(type, field, port.title ?? field)
  const hint = port.optional ? t('canvas.optionalPort', { name: title }) : title
  return (
    <div className="port" style={style} data-optional={port.optional || undefined} title={hint}>
      <Handle
        id={name}
        type={side === 'inputs' ? 'target' : 'source'}
        position={side === 'inputs' ? Position.Left : Position.Right}
        role="img"
        aria-label={t(side === 'inputs' ? 'canvas.inputPort' : 'canvas.outputPort', { name: title })}
      />
      {title}
    </div>
  )
}
