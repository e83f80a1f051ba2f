/** Every edit can be undone, and typing or dragging counts as one. */
import { emptyGraph, readGraph } from '@defect-studio/nodes'
import { beforeEach, describe, expect, it } from 'vitest'
import { setParam, toggleInput, renameInput } from './graph-edits.ts'
import { createGraphStore } from './graph-store.ts'

let clock = 0
let store = createGraphStore(() => clock)
const graph = () => store.getState().history.present
const at = (x: number) => ({ x, y: 0 })

beforeEach(() => {
  clock = 0
  store = createGraphStore(() => clock)
  store.getState().load(emptyGraph)
})

/** load-image-1 → draw-defect-1 → save-to-gallery-1 */
function threeNodes(): void {
  const { addNode, connect } = store.getState()
  addNode('load-image', at(0))
  addNode('draw-defect', at(300))
  addNode('save-to-gallery', at(600))
  for (const [source, target] of [
    ['load-image-1', 'draw-defect-1'],
    ['draw-defect-1', 'save-to-gallery-1'],
  ] as const)
    expect(connect({ source, sourceHandle: 'image', target, targetHandle: 'image' })).toBeNull()
}

describe('the graph store', () => {
  it('goes back to the beginning and forward to the end through the same graphs', () => {
    threeNodes()
    store.getState().edit((now) => setParam(now, 'draw-defect-1', 'kind', 'crack'))
    store.getState().select(['draw-defect-1'])
    store.getState().duplicateSelected()
    store.getState().removeSelected()
    const seen = [graph()]
    while (store.getState().history.past.length > 0) {
      store.getState().undo()
      seen.unshift(graph())
    }
    expect(graph()).toEqual(emptyGraph)
    expect(seen).toHaveLength(9)
    for (const expected of seen.slice(1)) {
      store.getState().redo()
      expect(graph()).toBe(expected)
    }
    expect(store.getState().history.future).toEqual([])
  })

  it('takes typing as one step until the person pauses', () => {
    store.getState().addNode('prompt', at(0))
    const type = (text: string) =>
      store.getState().edit((now) => setParam(now, 'prompt-1', 'text', text), 'param-prompt-1-text')
    for (const text of ['r', 'ru', 'rus', 'rust']) {
      clock += 200
      type(text)
    }
    clock += 2000
    type('rust on steel')
    store.getState().undo()
    expect(graph().nodes[0]?.params).toEqual({ text: 'rust' })
    store.getState().undo()
    expect(graph().nodes[0]?.params).toEqual({})
  })

  it('drops what was undone once something else is done', () => {
    store.getState().addNode('prompt', at(0))
    store.getState().undo()
    store.getState().addNode('mask', at(0))
    store.getState().redo()
    expect(graph().nodes.map((node) => node.id)).toEqual(['mask-1'])
  })

  it('takes edges, inputs and outputs away with their node, and brings them back by undo', () => {
    threeNodes()
    store.getState().edit((now) => toggleInput(now, 'load-image-1', 'image'))
    store.getState().edit((now) => renameInput(now, 'load-image-1', 'image', 'photo'))
    const before = graph()
    expect(before.outputs).toEqual([{ name: 'result', nodeId: 'save-to-gallery-1', port: 'image' }])
    store.getState().select(['load-image-1', 'save-to-gallery-1'])
    store.getState().removeSelected()
    expect(graph()).toMatchObject({ nodes: [{ id: 'draw-defect-1' }], edges: [], inputs: [], outputs: [] })
    store.getState().undo()
    expect(graph()).toBe(before)
  })

  it('refuses an edge between ports of different types, and says why', () => {
    threeNodes()
    const before = graph()
    const refusal = store.getState().connect({
      source: 'load-image-1',
      sourceHandle: 'image',
      target: 'save-to-gallery-1',
      targetHandle: 'mask',
    })
    expect(refusal?.code).toBe('type-mismatch')
    expect(graph()).toBe(before)
  })

  it('copies nodes with the edges between them under ids and names of their own', () => {
    threeNodes()
    store.getState().select(['draw-defect-1', 'save-to-gallery-1'])
    store.getState().duplicateSelected()
    expect([...store.getState().selected]).toEqual(['draw-defect-2', 'save-to-gallery-2'])
    expect(graph().edges.at(-1)).toMatchObject({ source: 'draw-defect-2', target: 'save-to-gallery-2' })
    expect(new Set(graph().outputs.map((output) => output.name)).size).toBe(2)
    expect(new Set(graph().edges.map((edge) => edge.id)).size).toBe(graph().edges.length)
  })

  it('makes graphs that can be exported and read again', () => {
    threeNodes()
    const read = readGraph(JSON.parse(JSON.stringify(graph())))
    expect(read).toEqual({ ok: true, graph: graph() })
  })
})
