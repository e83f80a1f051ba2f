/** Reads back the JSON columns of a run, also of runs that earlier versions of the studio wrote. */
import {
  CollectionRef,
  emptyGraph,
  FailureShape,
  type Graph,
  ImageRef,
  Made,
  readGraph,
} from '@defect-studio/nodes'
import { z } from 'zod'

const StoredItem = z.object({
  name: z.string(),
  value: z.union([ImageRef, z.string(), z.number()]),
  made: Made.partial().optional(),
  stored: CollectionRef.optional(),
})
export type StoredItem = z.infer<typeof StoredItem>

const StoredOutputs = z.record(z.string(), z.array(StoredItem))

/** What pages need of a plan: the same in every version. */
const ShownPlan = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      title: z.string(),
      items: z.int(),
      fanOut: z.int().default(1),
      price: z.int().default(0),
    }),
  ),
  outputs: z.array(z.object({ name: z.string(), nodeId: z.string(), port: z.string() })),
})
export type ShownPlan = z.infer<typeof ShownPlan>

export const readOutputs = (json: unknown): Record<string, StoredItem[]> => StoredOutputs.parse(json)
export const readFailure = (json: unknown) => (json === null ? null : FailureShape.parse(json))
export const readPlan = (json: unknown): ShownPlan => ShownPlan.parse(json)

export function readRunGraph(json: unknown): Graph {
  const read = readGraph(json)
  return read.ok ? read.graph : emptyGraph
}
