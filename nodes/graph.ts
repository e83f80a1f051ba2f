/** The graph as people save it: nodes and edges under React Flow's names, with declared inputs and outputs. */
import { z } from 'zod'
import { JsonValue } from './json-value.ts'

export const formatVersion = 2

const NodeId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'A node id has letters, digits, - and _, and at most 64 of them.',
  )
const PortName = z.string().min(1).max(64)

export const GraphNode = z.object({
  id: NodeId,
  type: z.string().min(1).max(64),
  /** A name that people gave; the definition's title otherwise. */
  title: z.string().max(100).optional(),
  position: z.object({ x: z.number(), y: z.number() }),
  params: z.record(z.string(), JsonValue).default({}),
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

export const Graph = z.object({
  formatVersion: z.literal(formatVersion),
  nodes: z.array(GraphNode).max(500),
  edges: z.array(Edge).max(2000),
  inputs: z.array(GraphInput).max(50).default([]),
  outputs: z.array(GraphOutput).max(50).default([]),
})
export type Graph = z.infer<typeof Graph>

export const emptyGraph: Graph = { formatVersion, nodes: [], edges: [], inputs: [], outputs: [] }
