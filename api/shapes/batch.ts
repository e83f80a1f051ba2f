/** Up to a thousand runs of one graph that are asked for together. */
import { RunInputs } from '@defect-studio/nodes'
import { z } from 'zod'
import { RunCounts, runOptions } from './run.ts'

/** As many as one batch may have. */
const mostItems = 1000

export const NewBatch = z
  .object({
    items: z
      .array(z.object({ ...RunInputs.shape, reference: runOptions.reference }))
      .min(1, 'A batch has at least one run.')
      .max(mostItems, `A batch may have ${mostItems} runs: send several.`),
    name: z.string().trim().min(1).max(100).optional(),
    revision: z.int().min(1).optional(),
    priority: runOptions.priority,
    callback: runOptions.callback.meta({ description: 'Told of every one of its runs.' }),
    fresh: runOptions.fresh,
  })
  .meta({ id: 'NewBatch' })

export const Batch = z
  .object({
    id: z.uuid(),
    name: z.string(),
    graphId: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    count: z.int().meta({ description: 'Runs that it was made of.' }),
    runs: z
      .object({
        queued: z.int(),
        running: z.int(),
        succeeded: z.int(),
        failed: z.int(),
        cancelled: z.int(),
        removed: z.int().meta({ description: 'Removed since by the retention policy.' }),
      })
      .meta({ description: 'How many of its runs are in which state.' }),
    items: RunCounts,
    quote: z.int(),
    cost: z.number(),
    saved: z.number(),
  })
  .meta({ id: 'Batch' })
