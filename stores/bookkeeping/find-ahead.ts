/** Finds results of a run before its workflow asks for them, and takes them over together. */
import type { FoundItem, ItemOutputs } from '@defect-studio/nodes'
import { retryPassing, retryTransaction } from '../retry-transaction.ts'
import { callBooksWithin, type PrepareRow } from './call-books.ts'
import { foreseeHits, isPrepare, type FoundWorld } from './foresee-hits.ts'
import { createRunFacts } from './run-facts.ts'
import { rowOf, type PrepareEntry } from './write-entries.ts'

export interface RunFinder {
  /** @returns what each item of the entry is known to give, if that is so for all of them. Writes nothing. */
  find(entry: PrepareEntry): Promise<ItemOutputs[] | null>
  /**
   * Writes that the run has everything that was found, or nothing of it.
   * @returns what the books say of each item, as `write` would for `prepare`.
   */
  take(): Promise<FoundItem[]>
}

/** Items that are taken over together at most, and characters of what they give: they travel in one event. */
const mostItems = 400
const mostCharacters = 400_000

export function createFinder(world: FoundWorld): (runId: string) => Promise<RunFinder> {
  const readFacts = createRunFacts(world.db)
  return async (runId) => {
    const facts = await retryPassing(() => readFacts(runId))
    const found: PrepareRow[] = []
    const present = new Map<string, boolean>()
    let items = 0
    let characters = 0

    return {
      async find(entry) {
        const [row] = await foreseeHits(world, facts, [rowOf(entry, facts)], present)
        if (!row || !isPrepare(row)) return null
        const outputs = row.items.flatMap(({ hit }) => (hit ? [hit] : []))
        if (outputs.length < row.items.length) return null
        items += outputs.length
        characters += JSON.stringify(outputs).length
        if (items > mostItems || characters > mostCharacters) return null
        found.push(row)
        return outputs
      },
      async take() {
        if (found.length === 0) return []
        const taken = await retryTransaction(world.db, async (tx) => {
          const written = await callBooksWithin(tx, facts, found, [])
          const verdicts = 'ended' in written ? [] : written.map((prepared) => prepared?.verdicts ?? [])
          const isWhole = found.every(({ items }, place) =>
            items.every((_item, nth) => ['hit', 'done'].includes(verdicts[place]?.[nth]?.verdict ?? '')),
          )
          // What follows from a result that went away meanwhile is not true either.
          if (!isWhole) throw new ChangedMeanwhile()
          return verdicts
        }).catch((error: unknown) => {
          if (error instanceof ChangedMeanwhile) return []
          throw error
        })
        return found.flatMap(({ nodeId, items }, place) =>
          items.flatMap(({ index }, nth): FoundItem[] => {
            const verdict = taken[place]?.[nth]
            return verdict
              ? [{ nodeId, index, outputs: verdict.outputs ?? {}, cached: verdict.cached ?? false }]
              : []
          }),
        )
      },
    }
  }
}

class ChangedMeanwhile extends Error {}
