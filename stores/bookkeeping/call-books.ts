/** Calls the database's `write_books`, which writes everything of one moment in one statement. */
import { ItemOutputs, RunStatus, StudioError } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'
import { z } from 'zod'
import { retryPassing } from '../retry-transaction.ts'
import { keepableText } from './keepable-text.ts'
import type { RunFacts } from './run-facts.ts'

const Verdict = z.object({
  verdict: z.enum(['done', 'held', 'hold', 'take', 'hit', 'found', 'carried', 'wait', 'refused']),
  holdId: z.string().optional(),
  outputs: ItemOutputs.optional(),
  from: z.object({ nodeId: z.string(), name: z.string(), index: z.int() }).optional(),
  cached: z.boolean().optional(),
})
/**
 * What the database says of one item. 'found' (in the cache) and 'carried' (from an earlier run) write nothing yet: the
 * item is sent again with the outputs as its `hit`, once their bytes are known to be there.
 */
export type Verdict = z.infer<typeof Verdict>

const Answer = z.union([
  z.object({ unknown: z.string() }),
  z.object({ ended: RunStatus.nullable() }),
  z.object({ answers: z.array(z.array(z.union([Verdict, z.object({ available: z.number() })])).nullable()) }),
])

export interface PrepareRow {
  kind: 'prepare'
  nodeId: string
  price: number
  lookUp: boolean
  items: {
    position: number
    index: number
    name: string
    key: string | null
    carryKey: string | null
    hit?: ItemOutputs
    hitFrom?: 'found' | 'carried'
  }[]
}

export type BookRow = PrepareRow | { kind: 'mark' | 'settle'; nodeId: string; [more: string]: unknown }

export interface Prepared {
  verdicts: Verdict[]
  /** Micro-tokens that there were when some were refused. */
  available: bigint
}

type Written = (Prepared | null)[] | { ended: string }

/**
 * @param missing keys of artifacts whose bytes are gone: results with them are made anew.
 * @returns for each row what was prepared, or null; or how the run had ended, with nothing written.
 * @throws StudioError 'invalid-graph' when the plan has no such node.
 */
export const callBooks = (
  db: Database,
  facts: RunFacts,
  rows: readonly BookRow[],
  missing: readonly string[],
): Promise<Written> => retryPassing(() => callBooksWithin(db, facts, rows, missing))

/** The same as a part of a transaction, which is tried again as a whole. */
export async function callBooksWithin(
  tx: Transaction,
  { runId, ownerId, departmentId, carry }: RunFacts,
  rows: readonly BookRow[],
  missing: readonly string[],
): Promise<Written> {
  const text = keepableText(rows)
  const [row] = await tx.$queryRaw<{ answer: unknown }[]>`
    SELECT write_books(${runId}::uuid, ${ownerId}::uuid, ${departmentId}::uuid, ${[...carry]}::uuid[],
      ${[...missing]}::text[], ${text}::jsonb) AS "answer"`
  const answer = Answer.parse(row?.answer)
  if ('unknown' in answer)
    throw new StudioError('invalid-graph', `Run ${runId} has no node "${answer.unknown}" in its plan.`)
  if ('ended' in answer) return { ended: answer.ended ?? 'deleted' }
  return answer.answers.map((list) => {
    if (list === null) return null
    const verdicts = list.flatMap((one) => ('verdict' in one ? [one] : []))
    const last = list.at(-1)
    return { verdicts, available: last && 'available' in last ? BigInt(last.available) : 0n }
  })
}
