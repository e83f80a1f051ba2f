/** The graph as people save it: nodes and edges under React Flow's names, with declared inputs and outputs. */
import { z } from 'zod'
import { JsonValue } from './json-value.ts'
import { Item, maxPlanNodes } from './ports.ts'

export const formatVersion = 3

const NodeId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'A node id has letters, digits, - and _, and at most 64 of them.',
  )
const PortName = z.string().min(1).max(64)

/**
 * `skip-dependents`: other branches go on, the run fails at its end. `fail-run`: everything else is cancelled at once.
 * `continue`: what succeeded flows on, and the run may still succeed.
 */
export const failurePolicies = ['skip-dependents', 'fail-run', 'continue'] as const
export type FailurePolicy = (typeof failurePolicies)[number]

export const GraphNode = z.object({
  id: NodeId,
  type: z.string().min(1).max(64),
  /** A name that people gave; the definition's title otherwise. */
  title: z.string().max(100).optional(),
  position: z.object({ x: z.number(), y: z.number() }),
  params: z.record(z.string(), JsonValue).default({}),
  /** Muted: neither it nor what needs it runs. Bypassed: what comes in goes out unchanged. */
  mode: z.enum(['muted', 'bypassed']).optional(),
  /** The frame that it lies in; a frame that is switched off mutes its nodes. */
  frameId: NodeId.optional(),
  /** Results that are used instead of running it: port → items. */
  pinned: z.record(PortName, z.array(Item).max(100)).optional(),
  /** What happens when it fails for good; without it `skip-dependents`. */
  onFailure: z.enum(failurePolicies).optional(),
  /** How often it is tried when trying again can mend it; without it as long as the house rule says. */
  attempts: z.int().min(1).max(30).optional(),
})
export type GraphNode = z.infer<typeof GraphNode>

export const Edge = z.object({
  id: z.string().min(1).max(200),
  source: NodeId,
  sourceHandle: PortName,
  target: NodeId,
  targetHandle: PortName,
})
export type Edge = z.infer<typeof Edge>

const InterfaceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'An input or output name has letters, digits, - and _.')

/** A param that a run may be given by name: `--input photo=part.jpg`. */
export const GraphInput = z.object({ name: InterfaceName, nodeId: NodeId, field: z.string().min(1).max(64) })
export type GraphInput = z.infer<typeof GraphInput>

/** An output port whose items a run hands back by name. */
export const GraphOutput = z.object({ name: InterfaceName, nodeId: NodeId, port: PortName })
export type GraphOutput = z.infer<typeof GraphOutput>

/** A titled rectangle around nodes. */
export const Frame = z.object({
  id: NodeId,
  title: z.string().max(100).default(''),
  position: z.object({ x: z.number(), y: z.number() }),
  size: z.object({ width: z.number().min(1), height: z.number().min(1) }),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'A colour is written #rrggbb.')
    .optional(),
  off: z.boolean().default(false),
})
export type Frame = z.infer<typeof Frame>

const body = {
  nodes: z.array(GraphNode).max(maxPlanNodes, `A graph may have ${maxPlanNodes} nodes.`),
  edges: z.array(Edge).max(2000, 'A graph may have 2000 edges.'),
  inputs: z.array(GraphInput).max(50).default([]),
  outputs: z.array(GraphOutput).max(50).default([]),
  frames: z.array(Frame).max(100).default([]),
}

/** What a node of type `subgraph` stands for. Its declared inputs and outputs are that node's ports. */
export const Subgraph = z.object({ title: z.string().max(100).default(''), ...body })
export type Subgraph = z.infer<typeof Subgraph>

/**
 * A graph with the subgraphs that its nodes name. A node of type `subgraph` has the params
 * `{ subgraph: <name in subgraphs>, values: { <input name>: value } }`, or `{ graphId, values }` for a saved graph,
 * which the API replaces by a definition before anything is compiled. An edge enters it at the name of a declared
 * input and leaves it at the name of a declared output.
 */
export const Graph = z.object({
  formatVersion: z.literal(formatVersion),
  ...body,
  subgraphs: z.record(InterfaceName, Subgraph).default({}),
})
export type Graph = z.infer<typeof Graph>

export const subgraphType = 'subgraph'

export const emptyGraph: Graph = {
  formatVersion,
  nodes: [],
  edges: [],
  inputs: [],
  outputs: [],
  frames: [],
  subgraphs: {},
}
