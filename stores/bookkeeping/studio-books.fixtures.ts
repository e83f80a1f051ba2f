/** The books on a database of their own, with short ways to write an entry and to look at what became of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {
  StudioError,
  type BookEntry,
  type ItemEndEntry,
  type Plan,
  type Preparation,
} from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { createMember, createRun, outputsWith, picture } from './books.fixtures.ts'
import { createBookkeeping } from './create-bookkeeping.ts'

export const itemOf = (index: number, recipe: string | null = null) => ({
  index,
  name: `part-${index}.png`,
  recipe,
})

export async function openStudioBooks() {
  const url = await createTestDatabase()
  const folder = await mkdtemp(path.join(os.tmpdir(), 'books-'))
  const artifacts = createFileStore(folder)
  const open: Database[] = []
  const connect = () => {
    const db = createDatabase(url)
    open.push(db)
    return { db, ledger: createLedger(db), books: createBookkeeping({ db, artifacts }) }
  }
  const { db, ledger, books } = connect()
  let pictures = 0

  const write = (runId: string, ...entries: BookEntry[]) => books.write({ runId, entries })

  return {
    url,
    db,
    ledger,
    books,
    artifacts,
    /** As another process: nothing in memory, connections of its own. */
    connect,
    write,

    async begunRun(tokens = 20n, changes: Partial<Plan> = {}, colleague?: { departmentId: string }) {
      const member = await createMember(db, ledger, tokens, colleague)
      return this.anotherRun(member, changes)
    },

    async anotherRun(member: { id: string; departmentId: string }, changes: Partial<Plan> = {}) {
      const runId = await createRun(db, member, changes)
      await books.beginRun({ runId })
      return { member, runId, balance: () => ledger.balanceOf({ kind: 'member', id: member.id }) }
    },

    async prepare(
      runId: string,
      items: (ReturnType<typeof itemOf> & { carryRecipe?: string })[],
      { nodeId = 'paint', price = 5, lookUp = true } = {},
    ): Promise<Preparation[]> {
      const [answer] = await write(runId, { kind: 'prepare', nodeId, price, lookUp, items })
      if (answer?.kind !== 'prepared') throw new StudioError('internal', JSON.stringify(answer))
      return answer.items
    },

    async settle(runId: string, items: ItemEndEntry[], { nodeId = 'paint', price = 5 } = {}): Promise<void> {
      await write(runId, { kind: 'settle', nodeId, price, items })
    },

    /** Outputs whose picture is in the store. */
    async made(name = 'part-0.png', index = 0) {
      const image = picture()
      const stored = await artifacts.put(new TextEncoder().encode(`picture ${pictures++}`), 'image/png')
      return outputsWith({ ...image, ...stored }, name, index)
    },

    nodeRun: (runId: string, nodeId = 'paint') =>
      db.nodeRun.findUniqueOrThrow({ where: { runId_nodeId: { runId, nodeId } } }),

    item: (runId: string, index = 0, nodeId = 'paint') =>
      db.nodeRunItem.findUniqueOrThrow({ where: { runId_nodeId_index: { runId, nodeId, index } } }),

    incidents: (runId: string) =>
      db.document.count({ where: { collection: 'incidents', id: { startsWith: `late-settle:${runId}` } } }),

    async close() {
      await Promise.all(open.map((one) => one.$disconnect()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const succeeded = (
  index: number,
  outputs: Extract<ItemEndEntry, { state: 'succeeded' }>['outputs'],
): ItemEndEntry => ({ index, state: 'succeeded', outputs, worker: 'gpu-1' })

export const failed = (index: number): ItemEndEntry => ({
  index,
  state: 'failed',
  failure: { type: 'out-of-memory', message: 'm', remedy: 'r' },
})
