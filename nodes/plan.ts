/** The immutable recipe of one run: validated, priced, sorted, every random seed drawn. */
import { z } from 'zod'
import { JsonValue } from './json-value.ts'
import { GraphOutput } from './graph.ts'

export const PlannedNode = z.object({
  id: z.string(),
  type: z.string(),
  version: z.int(),
  title: z.string(),
  params: z.record(z.string(), JsonValue),
  /** Where each connected input comes from. */
  inputs: z.record(z.string(), z.object({ nodeId: z.string(), port: z.string() })),
  /** Tokens for one item. */
  price: z.int().min(0),
  /** How many items the node works on, as far as can be known beforehand. */
  items: z.int().min(1),
})
export type PlannedNode = z.infer<typeof PlannedNode>

export const Plan = z.object({
  planVersion: z.literal(1),
  nodes: z.array(PlannedNode),
  outputs: z.array(GraphOutput),
  /** Tokens for the whole run: the most that it can cost. */
  quote: z.int().min(0),
})
export type Plan = z.infer<typeof Plan>
