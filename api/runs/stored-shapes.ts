/** Reads back the JSON columns of a run. */
import { FailureShape, Graph, ImageRef, Made, Plan } from '@defect-studio/nodes'
import { z } from 'zod'

const StoredItem = z.object({
  name: z.string(),
  value: z.union([ImageRef, z.string()]),
  made: Made.partial().optional(),
})
export type StoredItem = z.infer<typeof StoredItem>

const StoredOutputs = z.record(z.string(), z.array(StoredItem))

export const readOutputs = (json: unknown): Record<string, StoredItem[]> => StoredOutputs.parse(json)
export const readFailure = (json: unknown) => (json === null ? null : FailureShape.parse(json))
export const readPlan = (json: unknown): Plan => Plan.parse(json)
export const readRunGraph = (json: unknown): Graph => Graph.parse(json)
