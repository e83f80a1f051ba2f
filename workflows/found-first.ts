/** Books that know of some items what became of them, and are not asked again. */
import type { FoundItem, Preparation } from '@defect-studio/nodes'
import type { BooksQueue } from './books-queue.ts'

export function foundFirst(books: BooksQueue, found: readonly FoundItem[]): BooksQueue {
  const keyOf = (nodeId: string, index: number) => `${nodeId} ${index}`
  const known = new Map(
    found.map(({ nodeId, index, outputs, cached }) => [
      keyOf(nodeId, index),
      { kind: 'done', outputs, cached } satisfies Preparation,
    ]),
  )
  if (known.size === 0) return books
  return {
    ...books,
    prepare(entry) {
      const answers = entry.items.flatMap(({ index }) => known.get(keyOf(entry.nodeId, index)) ?? [])
      return answers.length === entry.items.length ? Promise.resolve(answers) : books.prepare(entry)
    },
  }
}
