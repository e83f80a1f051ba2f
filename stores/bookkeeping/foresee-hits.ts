/** Looks ahead for results that exist, so that a run which finds most of its results asks the books once for each. */
import { ItemOutputs } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { retryPassing } from '../retry-transaction.ts'
import type { BookRow, PrepareRow, Verdict } from './call-books.ts'
import type { RunFacts } from './run-facts.ts'

interface Entry {
  key: string
  nodeId: string
  itemName: string
  itemIndex: number
  outputs: unknown
}

/** What the department's results have for the items, by the keys of their recipes. Nothing is locked or written. */
export async function foreseeHits(
  db: Database,
  { departmentId }: RunFacts,
  rows: readonly BookRow[],
): Promise<Map<string, Verdict>> {
  const keys = rows.filter(isLooking).flatMap(({ items }) => items.flatMap(({ key }) => key ?? []))
  if (keys.length === 0) return new Map()
  const entries = await retryPassing(
    () => db.$queryRaw<Entry[]>`
      SELECT "key", "nodeId", "itemName", "itemIndex", "outputs" FROM "CacheEntry"
      WHERE "departmentId" = ${departmentId}::uuid AND "key" = ANY (${[...new Set(keys)]}::text[])
        AND "outputs" IS NOT NULL`,
  )
  return new Map(
    entries.map(({ key, nodeId, itemName: name, itemIndex: index, outputs }) => [
      key,
      { verdict: 'found', outputs: ItemOutputs.parse(outputs), from: { nodeId, name, index } },
    ]),
  )
}

const isLooking = (row: BookRow): row is PrepareRow => row.kind === 'prepare' && row.lookUp === true
