/** What a node is set to, in one line for its card. */
import { findDefinition, paramMeta, type GraphNode } from '@defect-studio/nodes'
import { useFormat } from '../i18n/use-format.ts'
import { useNodeText } from '../i18n/node-text.ts'
import { shownParams } from '../graph-edits.ts'
import { fieldKind } from '../params/field-kind.ts'

/** More would not fit on the two lines that a card has. */
const shownFields = 4

export function useParamSummary(node: GraphNode): string {
  const text = useNodeText()
  const { number } = useFormat()
  const definition = findDefinition(node.type)
  if (!definition) return ''
  const params = shownParams(node)
  const parts: string[] = []
  for (const [field, meta] of paramMeta(definition)) {
    const value = params[field]
    if (meta.showWhen && params[meta.showWhen.field] !== meta.showWhen.equals) continue
    if (value === null || value === '' || parts.length >= shownFields) continue
    const kind = fieldKind(definition, field, meta)
    const name = text.param(node.type, field, meta.title)
    if (typeof value === 'string')
      parts.push(kind === 'select' ? text.option(node.type, field, value) : value)
    else if (typeof value === 'number') parts.push(`${name} ${number(value)}`)
    else if (isNamed(value))
      parts.push(value.count === undefined ? value.name : `${value.name} · ${value.count}`)
  }
  return parts.join(' · ')
}

function isNamed(value: unknown): value is { name: string; count?: number } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}
