/** Shows a run of before on the graph that it ran, which may not be the graph of today. */
import { useGraphStore } from '../graph-store.ts'
import { sameGraph } from './same-graph.ts'
import { followRun, loadRun, useRunView } from './run-view.ts'

/** Shows the run; where its graph differs from the one on the canvas, that graph too, for looking at. */
export async function showPastRun(runId: string): Promise<void> {
  const run = await loadRun(runId)
  if (!run) return
  const { history, lookAt } = useGraphStore.getState()
  lookAt(sameGraph(run.graph, history.present) ? null : run.graph)
  followRun(runId)
}

/** Back to the graph of today; the run stays on its cards. */
export const leavePastGraph = (): void => useGraphStore.getState().lookAt(null)

/** Takes the graph as it ran for the graph of today; one undo brings back what was there. */
export function restorePastGraph(): void {
  const { shown, lookAt, edit } = useGraphStore.getState()
  if (!shown) return
  lookAt(null)
  edit(() => shown)
}

/** When the run began whose graph is being looked at. */
export const useShownRunDate = (): string | null => useRunView((view) => view.run?.createdAt ?? null)
