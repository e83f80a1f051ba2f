/** Saves the graph on the canvas a moment after the last edit, over the revision that was read, never silently over another's. */
import type { Graph } from '@defect-studio/nodes'
import { create } from 'zustand'
import { ApiError, request } from './api/client.ts'
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
}

export const useOpenGraph = create<OpenGraph>(() => ({
  id: '',
  name: '',
  revision: 0,
  state: 'saved',
  error: '',
}))

/** Long enough to take a word as one save, short enough that closing the page loses little. */
const quietTime = 800

let timer: ReturnType<typeof setTimeout> | undefined
let saving: Promise<void> = Promise.resolve()
let savedGraph: Graph | null = null
let savedName = ''

/** Puts the graph on the canvas and keeps it saved until the returned function is called. */
export function openGraph(saved: SavedGraph, isMine: boolean): () => void {
  useGraphStore.getState().load(saved.graph)
  settle(saved, isMine ? 'saved' : 'read-only')
  const stop = useGraphStore.subscribe((state, before) => {
    if (state.history.present !== before.history.present) noteChange()
  })
  return () => {
    stop()
    void saveNow()
  }
}

function settle({ id, name, revision, graph }: SavedGraph, state: SaveState, shown: Graph = graph): void {
  savedGraph = shown
  savedName = name
  useOpenGraph.setState({ id, name, revision, state, error: '' })
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
  try {
    const saved = await request<SavedGraph>('PUT', `/graphs/${id}`, {
      body: { revision, graph, ...(name.trim() ? { name: name.trim() } : {}) },
    })
    savedGraph = graph
    savedName = name
    const changed =
      useGraphStore.getState().history.present !== graph || useOpenGraph.getState().name !== name
    if (useOpenGraph.getState().id !== id) return
    useOpenGraph.setState({ revision: saved.revision, state: changed ? 'unsaved' : 'saved', error: '' })
    if (changed) noteChange()
    void queryClient.invalidateQueries({ queryKey: ['graphs'] })
  } catch (error) {
    const clash = error instanceof ApiError && error.code === 'revision-clash'
    useOpenGraph.setState({
      state: clash ? 'clash' : 'failed',
      error: error instanceof Error ? error.message : String(error),
    })
  }
}

/** After a clash: takes the other's graph; one's own stays one undo away. */
export async function takeTheirs(): Promise<void> {
  const saved = await request<SavedGraph>('GET', `/graphs/${useOpenGraph.getState().id}`)
  useGraphStore.getState().edit(() => saved.graph)
  settle(saved, 'saved')
}

/** After a clash: saves one's own over the other's. */
export async function keepMine(): Promise<void> {
  const { id } = useOpenGraph.getState()
  const { revision } = await request<SavedGraph>('GET', `/graphs/${id}`)
  useOpenGraph.setState({ revision, state: 'unsaved' })
  await saveNow()
}
