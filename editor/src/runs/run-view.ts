/** The run that the canvas shows: the last one, or a past one that somebody clicked. */
import { isFinal, RunEvent, type NodeRunState } from '@defect-studio/nodes'
import { z } from 'zod'
import { create } from 'zustand'
import { request } from '../api/client.ts'
import { readEvents } from '../api/event-stream.ts'
import { queryClient } from '../api/query-client.ts'
import type { NodeRun, Run } from '../api/types.ts'

export interface Progress {
  itemIndex: number
  step: number
  total: number
  /** The latest small picture of how the item looks so far. */
  preview?: string
}

interface RunView {
  run: Run | null
  progress: Readonly<Record<string, Progress>>
}

export const useRunView = create<RunView>(() => ({ run: null, progress: {} }))

/** The part of the shown run that one node has. */
export const useNodeRun = (nodeId: string): NodeRun | undefined =>
  useRunView((view) => view.run?.nodeRuns.find((nodeRun) => nodeRun.nodeId === nodeId))

export const useProgress = (nodeId: string): Progress | undefined =>
  useRunView((view) => view.progress[nodeId])

let watch = new AbortController()

/** Forgets the shown run. */
export function clearRun(): void {
  watch.abort()
  useRunView.setState({ run: null, progress: {} })
}

/** Shows the run and, until it has ended, follows it. */
export async function showRun(runId: string): Promise<void> {
  if (await loadRun(runId)) await followRun(runId)
}

/** Shows the run as it is now; null when another one was asked for meanwhile. */
export async function loadRun(runId: string): Promise<Run | null> {
  watch.abort()
  const mine = (watch = new AbortController())
  await load(runId, mine.signal)
  return mine.signal.aborted ? null : useRunView.getState().run
}

/** Follows the run that is shown, until it has ended or another one is shown. */
export async function followRun(runId: string): Promise<void> {
  const mine = watch
  for (;;) {
    const { run } = useRunView.getState()
    if (mine.signal.aborted || !run || isFinal(run.status)) return
    try {
      await readEvents(`/runs/${runId}/events`, ({ data }) => take(runId, data, mine.signal), mine.signal)
    } catch {
      if (mine.signal.aborted) return
      await pause(1_500) // the connection is lost: the banner says so, and we try again
    }
    if (!mine.signal.aborted) await load(runId, mine.signal).catch(() => undefined)
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function load(runId: string, signal: AbortSignal): Promise<void> {
  const run = await request<Run>('GET', `/runs/${runId}`, { signal })
  if (signal.aborted) return
  useRunView.setState({ run })
  if (isFinal(run.status)) await onEnd()
}

async function onEnd(): Promise<void> {
  useRunView.setState({ progress: {} })
  await Promise.all(
    [['runs'], ['images'], ['tokens']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  )
}

const Snapshot = z.object({ type: z.literal('snapshot'), run: z.unknown() })

function take(runId: string, data: string, signal: AbortSignal): void {
  if (signal.aborted) return
  const message: unknown = JSON.parse(data)
  const snapshot = Snapshot.safeParse(message)
  // The border: the API describes what a snapshot holds.
  if (snapshot.success) return useRunView.setState({ run: snapshot.data.run as Run })
  const event = RunEvent.safeParse(message)
  if (!event.success) return
  switch (event.data.type) {
    case 'run-status':
      return reload(runId, signal)
    case 'node-run-state': {
      const { nodeId, state, itemsDone, itemsTotal } = event.data
      patchNodeRun(nodeId, { state, itemsDone, itemsTotal })
      return reload(runId, signal)
    }
    case 'node-run-progress': {
      const { nodeId, itemIndex, step, total, preview: fresh } = event.data
      return useRunView.setState(({ progress }) => {
        // Not every step brings a preview; the last one stays until the next, but not for the next picture.
        const before = progress[nodeId]
        const preview = fresh ?? (before?.itemIndex === itemIndex ? before.preview : undefined)
        return {
          progress: { ...progress, [nodeId]: { itemIndex, step, total, ...(preview ? { preview } : {}) } },
        }
      })
    }
  }
}

function patchNodeRun(
  nodeId: string,
  change: { state: NodeRunState; itemsDone: number; itemsTotal: number },
): void {
  useRunView.setState(({ run }) =>
    run
      ? {
          run: {
            ...run,
            nodeRuns: run.nodeRuns.map((each) => (each.nodeId === nodeId ? { ...each, ...change } : each)),
          },
        }
      : {},
  )
}

let reloading: ReturnType<typeof setTimeout> | undefined

/** Events say that something changed; pictures and costs are then asked for, at most four times a second. */
function reload(runId: string, signal: AbortSignal): void {
  reloading ??= setTimeout(() => {
    reloading = undefined
    if (!signal.aborted) load(runId, signal).catch(() => undefined)
  }, 250)
}
