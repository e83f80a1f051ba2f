/** Looks ahead for results that exist, so that a run which finds most of its results asks the books once for each. */
import { ItemOutputs } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { retryPassing } from '../retry-transaction.ts'
import type { BookRow, PrepareRow, Verdict } from './call-books.ts'
import { fitOutputs } from './found-outputs.ts'
import { artifactsOf } from './item-outputs.ts'
import type { RunFacts } from './run-facts.ts'

export interface FoundWorld {
  db: Database
  artifacts: Pick<ArtifactStore, 'has'>
}

/**
 * The rows with what the department's results have for their items as `hit`, where its bytes are there. Nothing is
 * locked or written.
 * @param present what is known of bytes, by their keys; what is learned is added.
 */
export async function foreseeHits(
  { db, artifacts }: FoundWorld,
  facts: RunFacts,
  rows: readonly BookRow[],
  present: Map<string, boolean>,
): Promise<readonly BookRow[]> {
  const foreseen = await readEntries(db, facts, rows)
  if (foreseen.size === 0) return rows
  await lookForBytes(artifacts, [...foreseen.values()].flatMap(keysOf), present)
  return rows.map((row) =>
    isLooking(row)
      ? {
          ...row,
          items: row.items.map((item) => {
            const found = item.key === null ? undefined : foreseen.get(item.key)
            const stands = found && keysOf(found).every((key) => present.get(key))
            return stands ? { ...item, ...hitOf(found, item, row.nodeId, facts) } : item
          }),
        }
      : row,
  )
}

interface Entry {
  key: string
  nodeId: string
  itemName: string
  itemIndex: number
  outputs: unknown
}

async function readEntries(
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

export async function lookForBytes(
  artifacts: FoundWorld['artifacts'],
  keys: readonly string[],
  present: Map<string, boolean>,
): Promise<void> {
  const unknown = [...new Set(keys)].filter((key) => !present.has(key))
  await Promise.all(unknown.map(async (key) => present.set(key, await artifacts.has(key))))
}

/** What makes a row's item a hit: the outputs that were found, fitted to it. */
export function hitOf(
  one: Verdict,
  item: PrepareRow['items'][number],
  nodeId: string,
  facts: RunFacts,
): Pick<PrepareRow['items'][number], 'hit' | 'hitFrom'> {
  if (!one.outputs || !one.from || (one.verdict !== 'found' && one.verdict !== 'carried')) return {}
  const fanOut = facts.nodes.get(nodeId)?.fanOut ?? 1
  const hit = fitOutputs(one.outputs, one.from, { nodeId, name: item.name, index: item.index, fanOut })
  return { hit, hitFrom: one.verdict }
}

export const isPrepare = (row: BookRow): row is PrepareRow => row.kind === 'prepare'
const isLooking = (row: BookRow): row is PrepareRow => isPrepare(row) && row.lookUp

/** Of the artifacts that were found. */
export const keysOf = ({ outputs }: Verdict): string[] =>
  outputs ? artifactsOf(outputs).map(({ key }) => key) : []
