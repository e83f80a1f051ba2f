/** Writes a run's books: one call at a time, in which everything rides that was asked meanwhile. */
import type { BookAnswer, BookEntry, Preparation } from '@defect-studio/nodes'

/** Entries and items that one call carries at most: its answer stays far below the 2 MiB of one event. */
export const mostEntries = 64
export const mostItems = 400

export interface BooksQueue {
  /** @returns what is to be done with each item, in their order. */
  prepare(entry: Omit<Extract<BookEntry, { kind: 'prepare' }>, 'kind'>): Promise<Preparation[]>
  /** Written with the next call; nobody waits for it but `written`. */
  note(entry: Extract<BookEntry, { kind: 'mark' | 'settle' }>): void
  /** Another call to the books, in its turn: after what was asked before it. */
  call<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when everything that was asked is done; rejects with the first failure. */
  written(): Promise<void>
}

export interface BooksWriter {
  /** Must not be given up by a cancelled run: what happens to money is written down whatever becomes of it. */
  write(entries: BookEntry[]): Promise<BookAnswer[]>
  /** Resolves when nothing else goes on at this moment: what belongs together is there by then. */
  drained(): Promise<void>
  /** Called once, when the books failed for good; whatever is asked afterwards fails the same way. */
  onBroken(error: unknown): void
}

interface Asked {
  entry: BookEntry
  answer(given: BookAnswer | undefined): void
  fail(error: unknown): void
}
type Turn =
  | { kind: 'write'; asked: Asked[]; items: number }
  | { kind: 'call'; run(): Promise<void>; fail: Asked['fail'] }

/**
 * In turn, because replay hands out the results of local activities in the order in which they were called: were
 * several under way at once, and did the second end first, the steps that follow would come in another order than
 * they did.
 */
export function createBooksQueue({ write, drained, onBroken }: BooksWriter): BooksQueue {
  const turns: Turn[] = []
  let working: Promise<void> | undefined
  let broken: { error: unknown } | undefined

  function enqueue(turn: Turn): void {
    if (broken) {
      failTurn(turn, broken.error)
      return
    }
    turns.push(turn)
    working ??= work().finally(() => (working = undefined))
  }

  function ask(entry: BookEntry, answer: Asked['answer'], fail: Asked['fail']): void {
    const asked = { entry, answer, fail }
    const items = itemsOf(entry)
    const last = turns.at(-1)
    const hasRoom =
      last?.kind === 'write' && last.asked.length < mostEntries && last.items + items <= mostItems && !broken
    if (hasRoom) {
      last.asked.push(asked)
      last.items += items
    } else enqueue({ kind: 'write', asked: [asked], items })
  }

  async function work(): Promise<void> {
    for (;;) {
      await drained()
      const turn = turns.shift()
      if (!turn) return
      try {
        if (turn.kind === 'call') await turn.run()
        else {
          const answers = await write(turn.asked.map(({ entry }) => entry))
          for (const [index, { answer }] of turn.asked.entries()) answer(answers[index])
        }
      } catch (error) {
        broken = { error }
        for (const each of [turn, ...turns.splice(0)]) failTurn(each, error)
        onBroken(error)
        return
      }
    }
  }

  return {
    prepare: (entry) =>
      new Promise((resolve, reject) =>
        ask(
          { kind: 'prepare', ...entry },
          (given) =>
            given?.kind === 'prepared'
              ? resolve(given.items)
              : reject(new Error(`The books did not say what to do with the items of "${entry.nodeId}".`)),
          reject,
        ),
      ),
    note(entry) {
      ask(
        entry,
        () => {},
        () => {},
      )
    },
    call: (run) =>
      new Promise((resolve, reject) =>
        enqueue({ kind: 'call', run: () => run().then(resolve), fail: reject }),
      ),
    async written() {
      while (working) await working
      if (broken) throw broken.error
    },
  }
}

function failTurn(turn: Turn, error: unknown): void {
  if (turn.kind === 'call') turn.fail(error)
  else for (const { fail } of turn.asked) fail(error)
}

const itemsOf = (entry: BookEntry) => (entry.kind === 'mark' ? 1 : entry.items.length)
