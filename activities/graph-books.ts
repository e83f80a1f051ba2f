/** The books as a workflow worker serves them: what is known of a run when it begins comes with its beginning. */
import type { BegunRun, Bookkeeping } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { createBookkeeping, createFinder } from '@defect-studio/stores'
import type { ArtifactStore } from '@defect-studio/stores/artifacts'
import { walkAhead } from '@defect-studio/workflows/walk-ahead'
import type { Logger } from 'pino'

interface GraphBooksWorld {
  db: Database
  artifacts: ArtifactStore
  log: Logger
}

/** Milliseconds after which a run begins with what was found so far. */
const longestWalk = 1_000

export function createGraphBooks({ log, ...world }: GraphBooksWorld): Bookkeeping {
  const books = createBookkeeping(world)
  const findIn = createFinder(world)

  async function foundFor(runId: string, { plan, paused }: BegunRun): Promise<BegunRun['found']> {
    if (plan.fresh || paused) return undefined
    const until = performance.now() + longestWalk
    const finder = await findIn(runId)
    await walkAhead(runId, plan, {
      readItems: (input) => books.readItems(input),
      find: async (entry) => (performance.now() < until ? finder.find(entry) : null),
    })
    const found = await finder.take()
    return found.length > 0 ? found : undefined
  }

  return {
    ...books,
    async beginRun({ runId }) {
      const begun = await books.beginRun({ runId })
      try {
        const found = await foundFor(runId, begun)
        return found ? { ...begun, found } : begun
      } catch (error) {
        // The run asks for each result in its turn.
        log.warn({ runId, err: error }, 'results of before could not be looked for at once')
        return begun
      }
    },
  }
}
