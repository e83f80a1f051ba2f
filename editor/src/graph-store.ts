/** The graph on the canvas: every edit goes through here, so that every edit can be undone. */
import { checkConnection, emptyGraph, type Connection, type Graph, type Refusal } from '@defect-studio/nodes'
import { create, type StoreApi, type UseBoundStore } from 'zustand'
import * as edits from './graph-edits.ts'
import { record, redo, startHistory, undo, type History } from './graph-history.ts'

export interface GraphState {
  history: History
  /** What is marked on the canvas; not part of the graph, not part of undo. */
  selected: ReadonlySet<string>
  selectedEdges: ReadonlySet<string>
  /** A graph of before that is looked at instead; nothing can be edited meanwhile. */
  shown: Graph | null
  /** Somebody else's graph: for looking at and running only. */
  isForeign: boolean
  load(graph: Graph, isForeign?: boolean): void
  lookAt(shown: Graph | null): void
  edit(change: (graph: Graph) => Graph, group?: string): void
  addNode(type: string, position: edits.Position): string
  /** Draws the edge, or says why not. */
  connect(connection: Connection): Refusal | null
  select(nodes: Iterable<string>, edges?: Iterable<string>): void
  removeSelected(): void
  duplicateSelected(): void
  undo(): void
  redo(): void
}

/** @param now milliseconds; a test gives its own clock. */
export function createGraphStore(now: () => number = Date.now): UseBoundStore<StoreApi<GraphState>> {
  return create<GraphState>((set, get) => ({
    history: startHistory(emptyGraph),
    selected: new Set(),
    selectedEdges: new Set(),
    shown: null,
    isForeign: false,

    load: (graph, isForeign = false) =>
      set({ ...unmarked, history: startHistory(graph), shown: null, isForeign }),

    lookAt: (shown) => set({ ...unmarked, shown }),

    edit(change, group) {
      if (isLocked(get())) return
      set(({ history }) => ({ history: record(history, change(history.present), group ?? null, now()) }))
    },

    addNode(type, position) {
      if (isLocked(get())) return ''
      const { graph, id } = edits.addNode(get().history.present, type, position)
      get().edit(() => graph)
      get().select([id])
      return id
    },

    connect(connection) {
      const refusal = checkConnection(get().history.present, connection)
      if (!refusal) get().edit((graph) => edits.connect(graph, connection))
      return refusal
    },

    select: (nodes, edges = []) => set({ selected: new Set(nodes), selectedEdges: new Set(edges) }),

    removeSelected() {
      const { selected, selectedEdges } = get()
      if (isLocked(get()) || selected.size + selectedEdges.size === 0) return
      get().edit((graph) => edits.removeNodes(edits.removeEdges(graph, selectedEdges), selected))
      get().select([])
    },

    duplicateSelected() {
      if (isLocked(get()) || get().selected.size === 0) return
      const { graph, copies } = edits.duplicateNodes(get().history.present, get().selected)
      get().edit(() => graph)
      get().select(copies)
    },

    undo: () => set((state) => (isLocked(state) ? {} : step(undo(state.history), state.selected))),
    redo: () => set((state) => (isLocked(state) ? {} : step(redo(state.history), state.selected))),
  }))
}

const unmarked = { selected: new Set<string>(), selectedEdges: new Set<string>() }

const isLocked = ({ shown, isForeign }: Pick<GraphState, 'shown' | 'isForeign'>): boolean =>
  isForeign || shown !== null

/** A node that is no longer there cannot stay selected. */
function step(history: History, selected: ReadonlySet<string>): Partial<GraphState> {
  const ids = new Set(history.present.nodes.map((node) => node.id))
  return { history, selected: new Set([...selected].filter((id) => ids.has(id))), selectedEdges: new Set() }
}

export const useGraphStore = createGraphStore()

/** The graph on the canvas: as it is now, or as it was when it is a past one that is looked at. */
export const useGraph = (): Graph => useGraphStore((state) => state.shown ?? state.history.present)

/** Whether the graph on the canvas can be looked at only. */
export const useIsLocked = (): boolean => useGraphStore(isLocked)
