/** What people should know about the pictures of a node run, each sentence once. */
import type { NodeRun } from '../api/types.ts'

export function notesOf(nodeRun: NodeRun): string[] {
  const notes = nodeRun.outputs.flatMap(({ items }) => items.flatMap(({ made }) => made?.notes ?? []))
  return [...new Set(notes)]
}
