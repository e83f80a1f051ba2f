/** Runs as the API shows them. */
import {
  FailureShape,
  Made,
  NodeRunState,
  Priority,
  RunEvent,
  RunInputs,
  RunStatus,
  WebhookUrl,
} from '@defect-studio/nodes'
import { z } from 'zod'
import { PictureLink } from './artifact.ts'
import { GraphDocument, GraphShape, PortTypeName } from './graph.ts'

const Callback = z
  .object({
    url: WebhookUrl,
    secretName: z
      .string()
      .min(1)
      .max(100)
      .nullable()
      .default(null)
      .meta({ description: 'The webhook secret of your department that signs it.' }),
  })
  .meta({ id: 'RunCallback', description: 'Who is told, once, when the run has ended.' })

/** How a run goes, whichever way it begins. */
export const runOptions = {
  priority: Priority.optional().meta({
    description: '1 goes first, 5 last; without it what is usual for how the run begins.',
  }),
  reference: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Your own id for it, handed back in lists and callbacks.' }),
  callback: Callback.optional(),
  fresh: z.boolean().optional().meta({ description: 'Results of other runs are not looked for.' }),
  only: z
    .array(z.string().min(1).max(1200))
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Ids of nodes: these and what they need run, nothing else.' }),
}

const howToRun = {
  name: z.string().trim().min(1).max(100).optional(),
  ...RunInputs.shape,
  ...runOptions,
}
const revision = z.int().min(1).optional().meta({ description: 'Of the saved graph; its latest without it.' })

export const NewRun = z.object({ graph: GraphDocument, ...howToRun }).meta({ id: 'NewRun' })

export const NewGraphRun = z.object({ revision, ...howToRun }).meta({
  id: 'NewGraphRun',
  description: 'A picture is given as `{ "key": … }`, as an upload answered.',
})

export const QuotedRun = z
  .object({
    graphId: z.uuid().optional().meta({ description: 'A saved graph; give this or `graph`.' }),
    revision,
    graph: GraphDocument.optional(),
    ...howToRun,
  })
  .refine((run) => (run.graphId === undefined) !== (run.graph === undefined), 'Give either graphId or graph.')
  .refine((run) => run.revision === undefined || run.graphId !== undefined, 'A revision is one of a graphId.')
  .meta({ id: 'QuotedRun' })

export const RunQuote = z
  .object({
    quote: z
      .int()
      .meta({ description: 'Tokens that it can cost at most; what is found instead of made is free.' }),
    available: z.number().meta({ description: 'Tokens that you have.' }),
    covered: z.boolean(),
    nodes: z.array(
      z.object({
        nodeId: z.string(),
        title: z.string(),
        items: z.int(),
        price: z.int().meta({ description: 'Tokens for one item.' }),
        tokens: z.int(),
      }),
    ),
  })
  .meta({ id: 'RunQuote' })

const Failure = FailureShape.meta({ id: 'Failure' })
const MaybeTime = z.iso.datetime().nullable()

export const RunCounts = z.object({ total: z.int(), done: z.int(), failed: z.int(), cached: z.int() })

const runTriggers = ['hand', 'api', 'retry', 'schedule', 'batch', 'webhook'] as const

export const RunSummary = z
  .object({
    id: z.uuid(),
    graphId: z.uuid().nullable(),
    graphName: z.string(),
    graphRevision: z.int().nullable(),
    status: RunStatus,
    paused: z.boolean().meta({ description: 'Nothing new is begun; what is under way is finished.' }),
    priority: z.int(),
    trigger: z.enum(runTriggers).meta({ description: 'What made it begin.' }),
    reference: z.string().nullable(),
    parentRunId: z.uuid().nullable().meta({ description: 'The run that this one takes up again.' }),
    batchId: z.uuid().nullable(),
    scheduleId: z.uuid().nullable(),
    saved: z.number().meta({ description: 'Tokens that finding results instead of making them has spared.' }),
    kept: z.boolean().meta({ description: 'Kept whatever the retention policy says.' }),
    items: RunCounts.meta({
      description:
        'Of all its nodes together; `done` counts what was found (cached) too, and not what failed.',
    }),
    quote: z.int().meta({ description: 'Tokens that it can cost at most.' }),
    cost: z.number().meta({ description: 'Tokens charged so far.' }),
    failure: Failure.nullable(),
    createdAt: z.iso.datetime(),
    startedAt: MaybeTime,
    endedAt: MaybeTime,
    cancelAskedAt: MaybeTime,
  })
  .meta({ id: 'RunSummary' })

export const OutputItem = z
  .object({
    name: z.string(),
    image: PictureLink.optional().meta({ description: 'The picture, for image and mask ports.' }),
    mask: PictureLink.optional().meta({
      description: 'For image ports of nodes that also make a mask: its mask.',
    }),
    text: z.string().optional(),
    number: z.number().optional(),
    worker: z.string().nullable().optional().meta({ description: 'The server that made it.' }),
    made: Made.partial().optional(),
  })
  .meta({ id: 'OutputItem' })
export type OutputItem = z.infer<typeof OutputItem>

const PortOutput = z.object({
  port: z.string(),
  type: PortTypeName,
  total: z.int().meta({
    description:
      'How many there are, for very long lists about; `items` has the first 50. See /runs/{id}/nodes/{nodeId}/items.',
  }),
  items: z.array(OutputItem),
})

export const NodeRunView = z
  .object({
    nodeId: z.string(),
    type: z.string(),
    title: z.string(),
    state: NodeRunState,
    itemsTotal: z.int(),
    itemsDone: z.int(),
    itemsCached: z.int().meta({ description: 'Of those done: found instead of made.' }),
    itemsFailed: z.int(),
    cost: z.number(),
    saved: z.number(),
    failure: Failure.nullable(),
    startedAt: MaybeTime,
    endedAt: MaybeTime,
    outputs: z.array(PortOutput),
  })
  .meta({ id: 'NodeRun' })
export type NodeRunView = z.infer<typeof NodeRunView>

export const RunOutput = z
  .object({
    name: z.string(),
    nodeId: z.string(),
    port: z.string(),
    type: PortTypeName,
    total: z.int(),
    items: z.array(OutputItem),
  })
  .meta({ id: 'DeclaredOutput' })

export const RunDetail = RunSummary.extend({
  /** As it ran, with its inputs applied. */
  graph: GraphShape,
  nodeRuns: z.array(NodeRunView),
  outputs: z.array(RunOutput).meta({
    description:
      'What the declared outputs hold so far, up to 1,000 items of each; `total` says how many there are.',
  }),
  retries: z.array(z.uuid()).meta({ description: 'Runs that take this one up again, the latest first.' }),
}).meta({ id: 'Run' })
export type RunDetail = z.infer<typeof RunDetail>

/** The data of the messages on a run's event stream. */
export const RunMessage = z
  .union([z.object({ type: z.literal('snapshot'), run: RunDetail }), RunEvent])
  .meta({ id: 'RunMessage' })
