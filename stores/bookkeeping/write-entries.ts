/** Writes entries of the books: looks that found results still have their bytes, and answers in the contract's words. */
import { createHash } from 'node:crypto'
import {
  failureTypes,
  type BookAnswer,
  type BookEntry,
  type Failure,
  type PreparedItem,
  type Preparation,
} from '@defect-studio/nodes'
import { formatTokens } from '../ledger/format-tokens.ts'
import { serverForWork } from '../servers/server-for-work.ts'
import { callBooks, type BookRow, type Prepared, type PrepareRow, type Verdict } from './call-books.ts'
import { foreseeHits, hitOf, isPrepare, keysOf, lookForBytes, type FoundWorld } from './foresee-hits.ts'
import { imagesIn } from './count-work.ts'
import { artifactsOf } from './item-outputs.ts'
import type { RunFacts } from './run-facts.ts'

export type PrepareEntry = Extract<BookEntry, { kind: 'prepare' }>

/** Each look finds something only when it was published in the moment before; then others take turns. */
const mostLooks = 4

export async function writeEntries(
  world: FoundWorld,
  facts: RunFacts,
  entries: readonly BookEntry[],
): Promise<BookAnswer[]> {
  const rows = entries.map((entry) => rowOf(entry, facts))
  const present = new Map<string, boolean>()
  const likely = facts.finding ? await foreseeHits(world, facts, rows, present) : rows
  const written = await callBooks(world.db, facts, likely, [])
  if ('ended' in written) return entries.map((entry) => afterTheEnd(facts.runId, entry, written.ended))
  const looked = written.flatMap((prepared) => prepared?.verdicts ?? [])
  if (looked.length > 0) facts.finding = looked.some((one) => isFound(one) || one.verdict === 'hit')
  await confirmFound(world, facts, rows, written, present)
  return Promise.all(
    entries.map(async (entry, place): Promise<BookAnswer> => {
      const prepared = written[place]
      if (entry.kind !== 'prepare' || !prepared) return { kind: 'written' }
      const model = facts.nodes.get(entry.nodeId)?.model ?? null
      const server = prepared.verdicts.some(isHeld)
        ? await serverForWork(world.db, { memberId: facts.ownerId, model })
        : null
      return {
        kind: 'prepared',
        items: prepared.verdicts.map((verdict) => describe(verdict, entry.price, prepared.available, server)),
      }
    }),
  )
}

/** Asks the store for the bytes of what was found, outside of any transaction, and takes it over or has it made anew. */
async function confirmFound(
  { db, artifacts }: FoundWorld,
  facts: RunFacts,
  rows: readonly BookRow[],
  written: (Prepared | null)[],
  present: Map<string, boolean>,
): Promise<void> {
  for (let look = 1; look <= mostLooks; look++) {
    const open = written.flatMap((prepared, place) => {
      const row = rows[place]
      const found = prepared?.verdicts.flatMap((one, position) => (isFound(one) ? [{ one, position }] : []))
      return row && isPrepare(row) && prepared && found && found.length > 0 ? [{ row, prepared, found }] : []
    })
    if (open.length === 0) return
    await lookForBytes(
      artifacts,
      open.flatMap(({ found }) => found.flatMap(({ one }) => keysOf(one))),
      present,
    )
    const again = open.map(({ row, found }): PrepareRow => ({
      ...row,
      items: found.flatMap(({ one, position }) => {
        const item = row.items[position]
        if (!item) return []
        const stands = keysOf(one).every((key) => present.get(key))
        return [stands && look < mostLooks ? { ...item, ...hitOf(one, item, row.nodeId, facts) } : item]
      }),
    }))
    const missing = [...present].flatMap(([key, there]) => (there ? [] : [key]))
    const answers = await callBooks(db, facts, again, missing)
    for (const [place, { prepared, found }] of open.entries())
      for (const [nth, { position }] of found.entries()) {
        const answer = 'ended' in answers ? undefined : answers[place]
        const verdict = answer?.verdicts[nth]
        // A run that ended meanwhile learns so from its next entry.
        prepared.verdicts[position] = verdict ?? { verdict: 'wait' }
        if (answer) prepared.available = answer.available
      }
  }
  for (const prepared of written)
    prepared?.verdicts.forEach((one, position, all) => {
      if (isFound(one)) all[position] = { verdict: 'wait' }
    })
}

export function rowOf(entry: BookEntry, { nodes }: Pick<RunFacts, 'nodes'>): BookRow {
  if (entry.kind === 'mark') return { ...entry }
  const counted = nodes.get(entry.nodeId)?.counted ?? null
  if (entry.kind === 'prepare') {
    const items = entry.items.map((item, position) => ({ position, ...keysFor(item) }))
    return { ...entry, ...counted, items }
  }
  return {
    ...entry,
    ...counted,
    items: entry.items.map((item) =>
      item.state === 'succeeded'
        ? {
            ...item,
            artifacts: artifactsOf(item.outputs),
            images: counted ? imagesIn(item.outputs, counted) : 0,
          }
        : item,
    ),
  }
}

function keysFor({ index, name, recipe, carryRecipe }: PreparedItem) {
  const carried = recipe ?? carryRecipe ?? null
  return {
    index,
    name,
    key: recipe === null ? null : sha256(recipe),
    carryKey: carried === null ? null : sha256(carried),
  }
}

function describe(
  { verdict, holdId, outputs, cached }: Verdict,
  price: number,
  available: bigint,
  server: string | null,
): Preparation {
  if (verdict === 'done' || verdict === 'hit')
    return { kind: 'done', outputs: outputs ?? {}, cached: cached ?? false }
  if (verdict === 'refused') return { kind: 'refused', failure: tooFewTokens(price, available) }
  if (verdict === 'wait' || verdict === 'found' || verdict === 'carried') return { kind: 'wait' }
  return { kind: 'held', holdId: holdId ?? null, ...(server === null ? {} : { server }) }
}

function afterTheEnd(runId: string, entry: BookEntry, ended: string): BookAnswer {
  if (entry.kind !== 'prepare') return { kind: 'written' }
  const failure: Failure = {
    type: 'internal',
    message: `Run ${runId} has ended as ${ended}.`,
    remedy: 'Start a new run.',
  }
  return { kind: 'prepared', items: entry.items.map(() => ({ kind: 'refused', failure })) }
}

function tooFewTokens(price: number, available: bigint): Failure {
  return {
    type: 'insufficient-tokens',
    message: `This step needs ${price} ${price === 1 ? 'token' : 'tokens'}; ${formatTokens(available)} are available.`,
    remedy: failureTypes['insufficient-tokens'].remedy,
  }
}

const isFound = ({ verdict }: Verdict): boolean => verdict === 'found' || verdict === 'carried'
const isHeld = ({ verdict }: Verdict): boolean => ['held', 'hold', 'take'].includes(verdict)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
