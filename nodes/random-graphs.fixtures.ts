/** Random graphs that can run, with subgraphs in subgraphs, and random switches on them: what property tests draw. */
import fc from 'fast-check'
import { testFolder, testImage } from './graph.fixtures.ts'
import { emptyGraph, type Edge, type Graph, type GraphNode, type Subgraph } from './graph.ts'
import { linkablePorts, paramHandle } from './link-params.ts'
import { findDefinition } from './node-definitions.ts'
import { createPortLookup } from './node-ports.ts'
import type { PortType } from './ports.ts'

/** What is drawn for one node; numbers choose among what is there, so that any draw gives a graph. */
interface Draw {
  type: string
  /** Which of the outputs that fit feeds each input, in turn. */
  picks: number[]
  /** Whether inputs that nothing needs are fed. */
  feedsAll: boolean
  mode: GraphNode['mode'] | null
  frame: number
  pins: boolean
}

const types = [
  'load-image',
  'load-folder',
  'prompt',
  'number',
  'mask',
  'draw-defect',
  'inpaint',
  'image-to-image',
  'remove-background',
  'save-to-gallery',
  'if',
  'limit',
  'subgraph',
] as const

const draw: fc.Arbitrary<Draw> = fc.record({
  type: fc.constantFrom(...types),
  picks: fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }),
  feedsAll: fc.boolean(),
  mode: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('muted' as const, 'bypassed' as const) },
  ),
  frame: fc.nat(9),
  pins: fc.nat(14).map((n) => n === 0),
})

/** So that most of what is drawn can be fed. */
const beginnings = (['load-image', 'prompt', 'number', 'mask'] as const).map((type): Draw => ({
  type,
  picks: [0, 0, 0, 0],
  feedsAll: false,
  mode: null,
  frame: 9,
  pins: false,
}))

/** Before the first subgraph every node is plain; each subgraph uses only those before it. */
const bodies = fc.array(fc.array(draw, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })

export interface RandomGraph {
  /** Nothing is muted, bypassed, pinned or switched off in it. */
  plain: Graph
  /** The same with the switches that were drawn. */
  switched: Graph
}

export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .tuple(bodies, fc.array(draw, { minLength: 1, maxLength: 14 }))
  .map(([subgraphs, top]) => {
    const plain = build(subgraphs, top, false)
    return { plain, switched: build(subgraphs, top, true) }
  })

function build(subgraphDraws: readonly Draw[][], top: readonly Draw[], isSwitched: boolean): Graph {
  const subgraphs: Record<string, Subgraph> = {}
  for (const [index, draws] of subgraphDraws.entries())
    subgraphs[`s${index}`] = { title: '', ...bodyOf(draws, { ...subgraphs }, isSwitched) }
  return { ...emptyGraph, ...bodyOf(top, subgraphs, isSwitched), subgraphs }
}

function bodyOf(
  draws: readonly Draw[],
  subgraphs: Graph['subgraphs'],
  isSwitched: boolean,
): Omit<Subgraph, 'title'> {
  const ports = createPortLookup(subgraphs)
  const names = Object.keys(subgraphs)
  const nodes: GraphNode[] = []
  const edges: Edge[] = []
  const made: { nodeId: string; port: string; type: PortType }[] = []
  for (const [index, one] of [...beginnings, ...draws].entries()) {
    const { type, picks, feedsAll, mode, frame, pins } = one
    const name = names[(picks[0] ?? 0) % Math.max(1, names.length)]
    if (type === 'subgraph' && name === undefined) continue
    // Ids that do not sort as they were drawn: an order that is right must come from the edges.
    const id = `n${(index * 7) % 10}-${index}`
    const node: GraphNode = {
      id,
      type,
      position: { x: 0, y: 0 },
      params: paramsOf(type, name),
      ...(frame < 2 ? { frameId: `f${frame}` } : {}),
    }
    const found = ports.of(node)
    if (!found) continue
    const wanted = Object.entries(found.inputs).filter(([, port]) => !port.optional || feedsAll)
    const definition = findDefinition(type)
    if (definition && feedsAll)
      for (const [field, port] of Object.entries(linkablePorts(definition)).slice(0, 1))
        wanted.push([paramHandle(field), port])
    const fed = wanted.map(([handle, port], place) => {
      const fitting = made.filter((one) => one.type === port.type)
      return { handle, port, from: fitting[(picks[place % 4] ?? 0) % Math.max(1, fitting.length)] }
    })
    // What cannot be fed is not drawn at all.
    if (fed.some(({ port, from }) => !port.optional && !from)) continue
    for (const { handle, from } of fed)
      if (from)
        edges.push({
          id: `${from.nodeId}.${from.port}-${id}.${handle}`,
          source: from.nodeId,
          sourceHandle: from.port,
          target: id,
          targetHandle: handle,
        })
    const outputs = Object.entries(found.outputs)
    made.push(...outputs.map(([port, of]) => ({ nodeId: id, port, type: of.type })))
    if (isSwitched && mode) node.mode = mode
    if (isSwitched && pins && outputs.length > 0) node.pinned = pinnedOf(outputs)
    nodes.push(node)
  }
  const frames = ['f0', 'f1'].map((id, index) => ({
    id,
    title: '',
    position: { x: 0, y: 0 },
    size: { width: 1, height: 1 },
    off: isSwitched && index === 1,
  }))
  const last = made.at(-1)
  return {
    nodes,
    edges,
    frames,
    inputs: nodes.flatMap((node) => {
      const field = inputField(node, edges, subgraphs)
      return field ? [{ name: `in-${node.id}`, nodeId: node.id, field }] : []
    }),
    outputs: made
      .filter((one, index) => index % 2 === 0 || one === last)
      .map(({ nodeId, port }, index) => ({ name: `out-${index}`, nodeId, port })),
  }
}

/** What a subgraph may be given at this node: the value that it hands out, a param that no edge feeds, an inner input. */
function inputField(
  node: GraphNode,
  edges: readonly Edge[],
  subgraphs: Graph['subgraphs'],
): string | undefined {
  const isFree = (handle: string) =>
    !edges.some(({ target, targetHandle }) => target === node.id && targetHandle === handle)
  const definition = findDefinition(node.type)
  if (definition)
    return (
      definition.valueParam ??
      Object.keys(linkablePorts(definition)).find((field) => isFree(paramHandle(field)))
    )
  const named = Object.entries(subgraphs).find(([name]) => name === node.params['subgraph'])
  return named?.[1].inputs.find(({ name }) => isFree(name))?.name
}

function paramsOf(type: string, subgraph: string | undefined): GraphNode['params'] {
  if (type === 'load-image') return { image: { ...testImage, name: 'part.png' } }
  if (type === 'load-folder') return { folder: testFolder(3) }
  return type === 'subgraph' && subgraph !== undefined ? { subgraph, values: {} } : {}
}

const pinnedOf = (
  outputs: readonly (readonly [string, { type: PortType }])[],
): NonNullable<GraphNode['pinned']> =>
  Object.fromEntries(
    outputs.map(([port, { type }]) => [
      port,
      [{ name: 'pinned.png', index: 0, value: type === 'text' ? 'rust' : type === 'number' ? 7 : testImage }],
    ]),
  )
