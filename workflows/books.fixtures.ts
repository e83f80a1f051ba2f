/** Books kept in memory, as strict as the real ones: tests of the interpreter read from them what it wrote. */
import { createHash } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import type {
  BegunRun,
  BookAnswer,
  BookEntry,
  Bookkeeping,
  CollectionRef,
  Failure,
  ItemOutputs,
  ManifestItem,
  Plan,
  Preparation,
} from '@defect-studio/nodes'

interface Row {
  name: string
  recipe: string | null
  carryRecipe: string | null
  state: 'open' | 'succeeded' | 'cached' | 'failed' | 'cancelled'
  outputs: ItemOutputs
  hold: Hold | null
}
interface Hold {
  state: 'open' | 'captured' | 'released'
  open: Set<string>
  paid: number
}

/** What stands in the books about one run. */
export interface RunPages {
  /** `node state` in the order in which they were written; a failure's message follows. */
  marks: string[]
  /** `node#index` → what became of the item. */
  rows: Map<string, Row>
  holds: Hold[]
  end?: { status: string; failure?: Failure }
  /** Tokens that were captured. */
  spent: number
  /** How many calls wrote it. */
  writes: number
  /** Items that were settled, and then again as something else; the first word counts. */
  otherwise: string[]
}

export interface MemoryBooks {
  bookkeeping: Bookkeeping
  plans: Map<string, Plan>
  of(runId: string): RunPages
  /** What the next run finds when it begins. */
  begins: Pick<BegunRun, 'paused' | 'priority' | 'found'>
  /** Recipe → its result, or the row that makes it. */
  cache: Map<string, Row>
  /** Names that a member without tokens cannot pay for. */
  tooDear: Set<string>
  /** Node → the machine that has its model. */
  servers: Map<string, string>
  lists: Map<string, ManifestItem[]>
  addList(items: ManifestItem[]): CollectionRef
}

export const departmentId = 'd1'

export function createMemoryBooks(): MemoryBooks {
  const runs = new Map<string, RunPages>()

  function of(runId: string): RunPages {
    const pages = runs.get(runId) ?? {
      marks: [],
      rows: new Map(),
      holds: [],
      spent: 0,
      writes: 0,
      otherwise: [],
    }
    runs.set(runId, pages)
    return pages
  }

  async function begin({ runId }: { runId: string }) {
    const plan = books.plans.get(runId)
    if (!plan) throw ApplicationFailure.nonRetryable(`There is no run "${runId}".`, 'invalid-graph')
    return { plan, departmentId, ...books.begins }
  }

  function mark(pages: RunPages, nodeId: string, state: string, failure?: Failure): void {
    const text = [nodeId, state, ...(failure ? [failure.message] : [])].join(' ')
    const has = pages.marks.some(
      (line) => line.startsWith(`${nodeId} `) && (line !== `${nodeId} running` || state === 'running'),
    )
    if (!has) pages.marks.push(text)
  }

  function prepare(runId: string, entry: Extract<BookEntry, { kind: 'prepare' }>): Preparation[] {
    const pages = of(runId)
    mark(pages, entry.nodeId, 'running')
    const hold: Hold = { state: 'open', open: new Set(), paid: 0 }
    const answers = entry.items.map((item): Preparation => {
      const key = `${entry.nodeId}#${item.index}`
      const before = pages.rows.get(key)
      if (before?.state === 'succeeded' || before?.state === 'cached')
        return { kind: 'done', outputs: before.outputs, cached: before.state === 'cached' }
      if (before?.state === 'open') return held(entry.nodeId)
      const row: Row = {
        name: item.name,
        recipe: item.recipe,
        carryRecipe: item.carryRecipe ?? null,
        state: 'open',
        outputs: {},
        hold: null,
      }
      const found = findResult(runId, entry, row)
      if (found?.state === 'open') return { kind: 'wait' }
      if (found) {
        pages.rows.set(key, { ...row, state: 'cached', outputs: found.outputs })
        return { kind: 'done', outputs: found.outputs, cached: true }
      }
      if (books.tooDear.has(item.name) && entry.price > 0)
        return {
          kind: 'refused',
          failure: { type: 'insufficient-tokens', message: 'You have 0 tokens.', remedy: 'Ask.' },
        }
      if (entry.price > 0) {
        hold.open.add(key)
        row.hold = hold
      }
      pages.rows.set(key, row)
      if (row.recipe !== null) books.cache.set(row.recipe, row)
      return held(entry.nodeId)
    })
    if (hold.open.size > 0) pages.holds.push(hold)
    return answers
  }

  function held(nodeId: string): Preparation {
    const server = books.servers.get(nodeId)
    return { kind: 'held', holdId: 'h', ...(server === undefined ? {} : { server }) }
  }

  function findResult(
    runId: string,
    entry: Extract<BookEntry, { kind: 'prepare' }>,
    row: Row,
  ): Row | undefined {
    const parent = books.plans.get(runId)?.carryFrom
    const key = row.recipe ?? row.carryRecipe
    for (const other of parent ? of(parent).rows.values() : [])
      if (
        key !== null &&
        (other.recipe ?? other.carryRecipe) === key &&
        other.name === row.name &&
        isDone(other)
      )
        return other
    const known = row.recipe === null || !entry.lookUp ? undefined : books.cache.get(row.recipe)
    return known && (isDone(known) || known.state === 'open') ? known : undefined
  }

  function settle(runId: string, { nodeId, price, items }: Extract<BookEntry, { kind: 'settle' }>): void {
    const pages = of(runId)
    for (const item of items) {
      const key = `${nodeId}#${item.index}`
      const row = pages.rows.get(key)
      if (!row) {
        const isImmediate = item.name !== undefined && price === 0
        if (!isImmediate && item.state === 'succeeded') throw new Error(`Item ${key} was never prepared.`)
        if (item.name === undefined) continue
        const own = { name: item.name, recipe: null, carryRecipe: null, hold: null }
        const outputs = item.state === 'succeeded' ? item.outputs : {}
        pages.rows.set(key, { ...own, state: item.state, outputs })
        continue
      }
      if (row.state !== 'open') {
        // The server may have a step of a workflow taken again that it had not heard of: then more has come back.
        if (row.state !== item.state) pages.otherwise.push(`${key} ${row.state}, then ${item.state}`)
        continue
      }
      row.state = item.state
      if (item.state === 'succeeded') row.outputs = item.outputs
      if (!row.hold) continue
      row.hold.open.delete(key)
      if (item.state === 'succeeded') row.hold.paid += price
      if (row.hold.open.size > 0) continue
      row.hold.state = row.hold.paid > 0 ? 'captured' : 'released'
      pages.spent += row.hold.paid
    }
  }

  const bookkeeping: Bookkeeping = {
    beginRun: begin,
    readRun: begin,
    async write({ runId, entries }) {
      of(runId).writes += 1
      return entries.map((entry): BookAnswer => {
        if (entry.kind === 'prepare') return { kind: 'prepared', items: prepare(runId, entry) }
        if (entry.kind === 'settle') settle(runId, entry)
        else mark(of(runId), entry.nodeId, entry.state, entry.failure)
        return { kind: 'written' }
      })
    },
    async readItems({ collection, slice }) {
      const items = books.lists.get(collection.key)
      if (!items) throw ApplicationFailure.nonRetryable('The list was deleted.', 'artifact-missing')
      if ('from' in slice) return items.slice(slice.from, slice.from + slice.count)
      const byName = new Map(items.map((item) => [item.name, item]))
      return slice.names.flatMap((name) => byName.get(name) ?? [])
    },
    async gather({ runId, nodeId, port }) {
      const rows = [...of(runId).rows]
        .filter(([key, row]) => key.startsWith(`${nodeId}#`) && isDone(row))
        .sort(([one], [other]) => Number(one.split('#')[1]) - Number(other.split('#')[1]))
      const items = rows.flatMap(([, row]) => row.outputs[port] ?? [])
      if (items.length === 1 && items[0]?.stored) return items[0].stored
      return items.length === 0 ? null : books.addList(items.map(({ stored: _, ...item }) => item))
    },
    async endRun({ runId, ...end }) {
      of(runId).end = end
    },
  }

  const books: MemoryBooks = {
    bookkeeping,
    plans: new Map(),
    of,
    begins: { paused: false, priority: 2 },
    cache: new Map(),
    tooDear: new Set(),
    servers: new Map(),
    lists: new Map(),
    addList(items) {
      const key = createHash('sha256').update(JSON.stringify(items)).digest('hex')
      books.lists.set(key, items)
      return { key, mediaType: 'application/json', bytes: 1, count: items.length }
    },
  }
  return books
}

const isDone = ({ state }: Row) => state === 'succeeded' || state === 'cached'
