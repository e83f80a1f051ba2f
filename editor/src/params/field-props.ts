/** What every form field gets: the param it edits, its words, and how to change it. */
import type { NodeDefinition, GraphNode, ParamMeta } from '@defect-studio/nodes'

export interface FieldProps {
  node: GraphNode
  definition: NodeDefinition
  field: string
  meta: ParamMeta
  value: unknown
  label: string
  help: string
  /** What is wrong with the value, in words; empty when nothing is. */
  error: string
  /** @param typing edits of one field in quick succession are one step of undo. */
  onChange: (value: GraphNode['params'][string], typing?: boolean) => void
}
