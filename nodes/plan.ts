/** The immutable recipe of one run: flattened, validated, priced, sorted, every random seed drawn. */
import { z } from 'zod'
import { failurePolicies, GraphOutput } from './graph.ts'
import { JsonValue } from './json-value.ts'
import { CollectionRef, ItemOutputs } from './ports.ts'

export const planVersion = 2

export const PlannedNode = z.object({
  /** `node`, or `outer/inner` for a node of a subgraph. */
  id: z.string(),
  type: z.string(),
  version: z.int(),
  title: z.string(),
  params: z.record(z.string(), JsonValue),
  /** Where each connected input comes from: an input port, or `params.<field>` for a param that an edge feeds. */
  inputs: z.record(z.string(), z.object({ nodeId: z.string(), port: z.string() })),
  /** Tokens for one item, from the price list of the plan. */
  price: z.int().min(0),
  /** The most items that the node works on, as far as can be known beforehand; 1 for a node that takes wholes. */
  items: z.int().min(1),
  /** How many items one of its items becomes. */
  fanOut: z.int().min(1),
  /** For a source: the list that it maps over. */
  collection: CollectionRef.optional(),
  /** Results that are used instead of running it. */
  pinned: ItemOutputs.optional(),
  onFailure: z.enum(failurePolicies),
  /** Attempts of what trying again can mend; null: the house rule. */
  attempts: z.int().min(1).nullable(),
  /** Digest of the model that its params name: a part of its results' identity. Null without a model. */
  modelDigest: z.string().nullable(),
  /** The model that its params name, so that a server that has it loaded can be preferred. */
  model: z.string().nullable(),
  /** The segment that works through it in chunks; null: item by item in the run itself. */
  segment: z.string().nullable(),
})
export type PlannedNode = z.infer<typeof PlannedNode>

/**
 * Nodes that a batch works through together, chunk by chunk: mapped nodes with more than `maxInlineItems` items, joined
 * by edges, none of them behind a node that takes the whole of another.
 */
export const Segment = z.object({
  id: z.string(),
  /** Sorted: each after what it needs. */
  nodeIds: z.array(z.string()).min(1),
  /** The most items of one of its lists. */
  items: z.int().min(1),
})
export type Segment = z.infer<typeof Segment>

export const Plan = z.object({
  planVersion: z.literal(planVersion),
  nodes: z.array(PlannedNode),
  segments: z.array(Segment),
  /** As the graph declares them; the node may be `outer/inner`. */
  outputs: z.array(GraphOutput.extend({ nodeId: z.string() })),
  /** Tokens for the whole run: the most that it can cost. */
  quote: z.int().min(0),
  /** Which version of the price list the quote is made of. */
  priceVersion: z.int().min(1),
  /** The run whose settled results are taken over where nothing changed. */
  carryFrom: z.string().nullable(),
  /** Results of other runs are not looked for. */
  fresh: z.boolean(),
})
export type Plan = z.infer<typeof Plan>
