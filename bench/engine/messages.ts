/** What the bench and its inference process say to each other. */
import { z } from 'zod'

/** Of one activity task: its first call names it. `at` is in milliseconds since 1970, with fractions. */
export const WorkMessage = z.object({
  kind: z.enum(['started', 'stopped']),
  at: z.number(),
  runId: z.string(),
  nodeId: z.string(),
  itemIndex: z.int(),
})
export type WorkMessage = z.infer<typeof WorkMessage>

/** How the inference process behaves from now on. */
export const Behaviour = z.object({
  /** Each activity task takes so long, unless it is stopped. */
  taskMs: z.number().min(0),
  /** Whether pictures are stored, so that results can be found again; else only their keys are made. */
  stores: z.boolean(),
})
export type Behaviour = z.infer<typeof Behaviour>

export const now = (): number => performance.timeOrigin + performance.now()
