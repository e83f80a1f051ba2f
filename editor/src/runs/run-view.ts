/** The run that the canvas shows: the last one, or a past one that somebody clicked. */
import { isFinal, type NodeRunState, type RunEvent } from '@defect-studio/nodes'
import { create } from 'zustand'
import { answer, api } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import type { NodeRun, Run } from '../api/types.ts'
import { atMost } from '../events/at-most.ts'
import { followTopic } from '../events/follow-topic.ts'
import { addSample, type Sample } from './seconds-left.ts'

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
  /** How many items each node had done when, of the last while. */
  pace: Readonly<Record<string, readonly Sample[]>>
}

const nothing: RunView = { run: null, progress: {}, pace: {} }

export const useRunView = create<RunView>(() => nothing)

/** The part of the shown run that one node has. */
export const useNodeRun = (nodeId: string): NodeRun | undefined =>
  useRunView((view) => view.run?.nodeRuns.find((nodeRun) => nodeRun.nodeId === nodeId))

export const useProgress = (nodeId: string): Progress | undefined =>
  useRunView((view) => view.progress[nodeId])

let watch = new AbortController()

/** Forgets the shown run. */
export function clearRun(): void {
  watch.abort()
  useRunView.setState(nothing)
}

/** Shows the run and, until it has ended, follows it. */
export async function showRun(runId: string): Promise<void> {
  if (await loadRun(runId)) followRun(runId)
}

/** Shows the run as it is now; null when another one was asked for meanwhile. */
export async function loadRun(runId: string): Promise<Run | null> {
  watch.abort()
  const mine = (watch = new AbortController())
  if (useRunView.getState().run?.id !== runId) useRunView.setState({ progress: {}, pace: {} })
  await load(runId, mine.signal)
  return mine.signal.aborted ? null : useRunView.getState().run
}

/** Pictures and costs of a batch are asked for less often: its answers are long. */
const manyItems = 200

/** The run as an answer of the studio shows it, where it is the one that is shown. */
export function takeRun(run: Run): void {
  if (useRunView.getState().run?.id === run.id) useRunView.setState({ run })
}

/** Follows the run that is shown, until it has ended or another one is shown. */
export function followRun(runId: string): void {
  const { signal } = watch
  const { run } = useRunView.getState()
  if (signal.aborted || run?.id !== runId || isFinal(run.status)) return
  const isLong = run.nodeRuns.some(({ itemsTotal }) => itemsTotal > manyItems)
  // Events say that something changed; pictures and costs are then asked for.
  const reload = atMost(isLong ? 2_000 : 250, () => {
    load(runId, signal).then(
      (now) => (now && isFinal(now.status) ? unfollow() : undefined),
      // The connection is lost: the banner says so, and following anew reads the state again.
      () => undefined,
    )
  })
  const leave = followTopic(`runs:${runId}`, {
    fresh: reload.call,
    heard(message) {
      if (message.type !== 'run-event') return
      take(message.event)
      if (message.event.type !== 'node-run-progress') reload.call()
    },
  })
  const unfollow = () => {
    leave()
    reload.stop()
  }
  signal.addEventListener('abort', unfollow)
}

async function load(runId: string, signal: AbortSignal): Promise<Run | null> {
  const run = await answer(api.GET('/api/v1/runs/{id}', { params: { path: { id: runId } }, signal }))
  if (signal.aborted) return null
  useRunView.setState({ run })
  if (isFinal(run.status)) await onEnd()
  return run
}

async function onEnd(): Promise<void> {
  useRunView.setState({ progress: {} })
  await Promise.all(
    [['runs'], ['images'], ['tokens']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  )
}

function take(event: RunEvent): void {
  switch (event.type) {
    case 'run-status': {
      const { status, paused, priority } = event
      return useRunView.setState(({ run }) =>
        run
          ? {
              run: {
                ...run,
                status,
                ...(paused === undefined ? {} : { paused }),
                ...(priority === undefined ? {} : { priority }),
              },
            }
          : {},
      )
    }
    case 'node-run-state': {
      const { nodeId, state, itemsDone, itemsTotal, itemsCached, itemsFailed } = event
      notePace(nodeId, itemsDone + itemsFailed)
      return patchNodeRun(nodeId, { state, itemsDone, itemsTotal, itemsCached, itemsFailed })
    }
    case 'node-run-progress': {
      const { nodeId, itemIndex, step, total, preview: fresh } = event
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

function notePace(nodeId: string, done: number): void {
  useRunView.setState(({ pace }) => ({
    pace: { ...pace, [nodeId]: addSample(pace[nodeId] ?? [], { at: Date.now(), done }) },
  }))
}

interface NodeRunChange {
  state: NodeRunState
  itemsDone: number
  itemsTotal: number
  itemsCached: number
  itemsFailed: number
}

function patchNodeRun(nodeId: string, change: NodeRunChange): void {
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
