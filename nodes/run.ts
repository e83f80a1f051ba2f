/** The states of a run and of its nodes, and the events by which pages follow them. */
import { z } from 'zod'

export const RunStatus = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])
export type RunStatus = z.infer<typeof RunStatus>

export const NodeRunState = z.enum([
  'queued',
  'holding',
  'running',
  'cached',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
])
export type NodeRunState = z.infer<typeof NodeRunState>

export const FailureShape = z.object({ type: z.string(), message: z.string(), remedy: z.string() })

/** A notification of PostgreSQL has 8,000 bytes; this leaves room for the rest of the event. */
export const longestPreview = 3072
/** A small picture as a data URL: how a work looks so far. */
export const Preview = z
  .string()
  .max(longestPreview)
  .regex(/^data:image\/(webp|jpeg);base64,[A-Za-z0-9+/]+=*$/, 'A preview is a WebP or JPEG as a data URL.')

/** Sent to whoever watches a run. Small: under PostgreSQL's 8 kB for a notification. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-status'),
    runId: z.string(),
    status: RunStatus,
    paused: z.boolean().optional(),
    priority: z.int().optional(),
  }),
  z.object({
    type: z.literal('node-run-state'),
    runId: z.string(),
    nodeId: z.string(),
    state: NodeRunState,
    itemsDone: z.int(),
    itemsTotal: z.int(),
    /** Of those done: found instead of made. */
    itemsCached: z.int().default(0),
    itemsFailed: z.int().default(0),
  }),
  z.object({
    type: z.literal('node-run-progress'),
    runId: z.string(),
    nodeId: z.string(),
    itemIndex: z.int(),
    step: z.int(),
    total: z.int(),
    preview: Preview.optional(),
  }),
])
export type RunEvent = z.infer<typeof RunEvent>

/** Who goes first where work waits: 1 before 5. Within one number departments take turns. */
export const priorities = { interactive: 1, normal: 2, scheduled: 3, batch: 4, training: 5 } as const
export const Priority = z.int().min(1).max(5)
export type Priority = z.infer<typeof Priority>

export const isFinal = (status: RunStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled'
