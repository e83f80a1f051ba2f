/** Saves the graph on the canvas a moment after the last edit, over the revision that was read, never silently over another's. */
import type { Graph } from '@defect-studio/nodes'
import { create } from 'zustand'
import { answer, api, ApiError } from './api/client.ts'
import { queryClient } from './api/query-client.ts'
import type { SavedGraph } from './api/types.ts'
import { useGraphStore } from './graph-store.ts'

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'clash' | 'failed' | 'read-only'

interface OpenGraph {
  id: string
  name: string
  revision: number
  state: SaveState
  error: string
  /** Who made it; shown to those who may only look at it. */
  owner: string
}

export const useOpenGraph = create<OpenGraph>(() => ({
  id: '',
  name: '',
  revision: 0,
  state: 'saved',
  error: '',
  owner: '',
}))

/** Long enough to take a word as one save, short enough that closing the page loses little. */
const quietTime = 800

/** Milliseconds until a save is tried again that found no studio. */
const retryTime = 2_000

/** A browser finishes requests of a page that is gone only up to 64 kB in all; two may be under way. */
const outlivingBytes = 30_000

let timer: ReturnType<typeof setTimeout> | undefined
let saving: Promise<void> = Promise.resolve()
let savedGraph: Graph | null = null
let savedName = ''

/** Puts the graph on the canvas and keeps it saved until the returned function is called. */
export function openGraph(saved: SavedGraph, isMine: boolean): () => void {
  useGraphStore.getState().load(saved.graph, !isMine)
  settle(saved, isMine ? 'saved' : 'read-only')
  const stop = useGraphStore.subscribe((state, before) => {
    if (state.history.present !== before.history.present) noteChange()
  })
  // Whoever closes or leaves the tab may not come back: what is not saved yet is saved now.
  const onHidden = () => {
    if (document.visibilityState === 'hidden') void saveNow()
  }
  const onLeave = () => void saveNow()
  document.addEventListener('visibilitychange', onHidden)
  window.addEventListener('pagehide', onLeave)
  return () => {
    stop()
    document.removeEventListener('visibilitychange', onHidden)
    window.removeEventListener('pagehide', onLeave)
    void saveNow()
  }
}

function settle({ id, name, revision, graph, ownerNickname }: SavedGraph, state: SaveState): void {
  savedGraph = graph
  savedName = name
  useOpenGraph.setState({ id, name, revision, state, error: '', owner: ownerNickname })
}

export function rename(name: string): void {
  useOpenGraph.setState({ name })
  noteChange()
}

function noteChange(): void {
  const { state } = useOpenGraph.getState()
  if (state === 'clash' || state === 'read-only') return
  useOpenGraph.setState({ state: 'unsaved' })
  clearTimeout(timer)
  timer = setTimeout(() => void saveNow(), quietTime)
}

/** Saves what is not saved yet; one save after the other, so that each names the revision of the last. */
export function saveNow(): Promise<void> {
  clearTimeout(timer)
  saving = saving.then(saveOnce)
  return saving
}

async function saveOnce(): Promise<void> {
  const { id, name, revision, state } = useOpenGraph.getState()
  const graph = useGraphStore.getState().history.present
  if (state === 'clash' || state === 'read-only' || (graph === savedGraph && name === savedName)) return
  useOpenGraph.setState({ state: 'saving' })
  const body = { revision, graph, ...(name.trim() ? { name: name.trim() } : {}) }
  try {
    const saved = await answer(
      api.PUT('/api/v1/graphs/{id}', {
        params: { path: { id } },
        body,
        keepalive: new Blob([JSON.stringify(body)]).size < outlivingBytes,
      }),
    )
    savedGraph = graph
    savedName = name
    const changed =
      useGraphStore.getState().history.present !== graph || useOpenGraph.getState().name !== name
    if (useOpenGraph.getState().id !== id) return
    useOpenGraph.setState({ revision: saved.revision, state: changed ? 'unsaved' : 'saved', error: '' })
    if (changed) noteChange()
    void queryClient.invalidateQueries({ queryKey: ['graphs'] })
  } catch (error) {
    if (useOpenGraph.getState().id !== id) return
    const clash = error instanceof ApiError && error.code === 'revision-clash'
    const isRefused = error instanceof ApiError && error.status < 500
    // Nobody has to press anything once the studio answers again.
    if (!isRefused) timer = setTimeout(() => void saveNow(), retryTime)
    useOpenGraph.setState({
      state: clash ? 'clash' : 'failed',
      error: error instanceof Error ? error.message : String(error),
    })
  }
}

const readSaved = (id: string) => answer(api.GET('/api/v1/graphs/{id}', { params: { path: { id } } }))

/** After a clash: takes the other's graph; one's own stays one undo away. */
export async function takeTheirs(): Promise<void> {
  const saved = await readSaved(useOpenGraph.getState().id)
  useGraphStore.getState().edit(() => saved.graph)
  settle(saved, 'saved')
}

/** After a clash: saves one's own over the other's. */
export async function keepMine(): Promise<void> {
  const { id } = useOpenGraph.getState()
  const { revision } = await readSaved(id)
  useOpenGraph.setState({ revision, state: 'unsaved' })
  await saveNow()
}
