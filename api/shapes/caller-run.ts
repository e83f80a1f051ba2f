/** Runs and batches as other programs see them, under /v1: what is here stays as it is. */
import { FailureShape, GraphInput, JsonValue, RunInputs, RunStatus } from '@defect-studio/nodes'
import { z } from 'zod'
import { OutputItem, PortTypeName, runOptions } from './run.ts'

const MaybeTime = z.iso.datetime().nullable()
const Counts = z.object({ total: z.int(), done: z.int(), failed: z.int(), cached: z.int() })

export const CallerRun = z
  .object({
    id: z.uuid(),
    reference: z.string().nullable().meta({ description: 'Your own id for it.' }),
    graphId: z.uuid().nullable(),
    graphRevision: z.int().nullable(),
    batchId: z.uuid().nullable(),
    status: RunStatus,
    paused: z.boolean(),
    priority: z.int(),
    quote: z.int().meta({ description: 'Tokens that it can cost at most.' }),
    cost: z.number().meta({ description: 'Tokens charged so far.' }),
    saved: z.number().meta({ description: 'Tokens spared by finding results instead of making them.' }),
    items: Counts,
    failure: FailureShape.nullable(),
    createdAt: z.iso.datetime(),
    startedAt: MaybeTime,
    endedAt: MaybeTime,
    cancelAskedAt: MaybeTime,
    outputs: z
      .array(
        z.object({
          name: z.string(),
          type: PortTypeName,
          total: z.int(),
          items: z
            .array(OutputItem)
            .meta({ description: 'The first 50; the rest is under /outputs/{name}.' }),
        }),
      )
      .meta({ description: 'What the declared outputs hold so far.' }),
  })
  .meta({ id: 'CallerRun' })
export type CallerRun = z.infer<typeof CallerRun>

const given = {
  ...RunInputs.shape,
  reference: runOptions.reference,
}

export const CallerNewRun = z
  .object({
    ...given,
    revision: z.int().min(1).optional().meta({ description: 'Of the graph; its latest without it.' }),
    priority: runOptions.priority,
    callback: runOptions.callback,
    fresh: runOptions.fresh,
  })
  .meta({
    id: 'CallerNewRun',
    description: 'A picture is given as `{ "key": … }`, as an upload answered.',
  })

/** As many as one batch may have. */
const mostItems = 1000

export const CallerNewBatch = z
  .object({
    items: z
      .array(z.object(given))
      .min(1, 'A batch has at least one run.')
      .max(mostItems, `A batch may have ${mostItems} runs: send several.`),
    name: z.string().trim().min(1).max(100).optional(),
    revision: z.int().min(1).optional(),
    priority: runOptions.priority,
    callback: runOptions.callback.meta({ description: 'Told of every one of its runs.' }),
    fresh: runOptions.fresh,
  })
  .meta({ id: 'CallerNewBatch' })

export const CallerBatch = z
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
    items: Counts,
    quote: z.int(),
    cost: z.number(),
    saved: z.number(),
  })
  .meta({ id: 'CallerBatch' })

export const CallerGraph = z
  .object({
    id: z.uuid(),
    name: z.string(),
    revision: z.int().nullable(),
    inputs: z.array(
      GraphInput.pick({ name: true }).extend({
        field: z.string().meta({ description: 'The param that it sets, as `node.field`.' }),
        schema: z.record(z.string(), JsonValue).meta({ description: 'JSON Schema of its value.' }),
      }),
    ),
    outputs: z.array(z.object({ name: z.string(), type: PortTypeName })),
  })
  .meta({ id: 'CallerGraph' })
