/** Runs a graph to its end in a studio of its own, and reads from the books what became of it. */
import { afterEach } from 'vitest'
import { startTestStudio, type TestStudio } from './studio.fixtures.ts'

export type Pages = ReturnType<TestStudio['books']['of']>

/** The studio that a test starts is closed after it. */
export function useStudio(): typeof startTestStudio {
  let studio: TestStudio | undefined
  afterEach(async () => {
    await studio?.close()
    studio = undefined
  })
  return async (...args) => (studio = await startTestStudio(...args))
}

/** Runs the graph to its end and says how the workflow closed. */
export async function runToEnd(at: TestStudio, graph: Parameters<TestStudio['start']>[0], id?: string) {
  const { runId, handle } = await at.start(graph, id)
  const error = await handle.result().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const { status } = await handle.describe()
  const pages = at.books.of(runId)
  return { closed: status.name, error, end: pages.end, pages, runId, handle }
}

export const holds = (pages: Pages, how: string): number =>
  pages.holds.filter(({ state }) => state === how).length

export const rowsOf = (pages: Pages, nodeId: string) =>
  [...pages.rows].filter(([key]) => key.startsWith(`${nodeId}#`)).map(([, row]) => row)

/** What left a port of a node, in the order of its items. */
export const itemsOf = (pages: Pages, nodeId: string, port = 'image') =>
  rowsOf(pages, nodeId)
    .flatMap(({ outputs }) => outputs[port] ?? [])
    .sort((one, other) => one.index - other.index)
