/** Runs as the API shows them. */
import { FailureShape, Made, NodeRunState, RunEvent, RunInputs, RunStatus } from '@defect-studio/nodes'
import { z } from 'zod'
import { PictureLink } from './artifact.ts'
import { GraphDocument, GraphShape } from './graph.ts'

export const NewRun = z
  .object({
    graphId: z.uuid().optional().meta({ description: 'A saved graph; give this or `graph`.' }),
    graph: GraphDocument.optional(),
    name: z.string().trim().min(1).max(100).optional(),
    ...RunInputs.shape,
  })
  .refine((run) => (run.graphId === undefined) !== (run.graph === undefined), 'Give either graphId or graph.')
  .meta({ id: 'NewRun' })
export type NewRun = z.infer<typeof NewRun>

const Failure = FailureShape.meta({ id: 'Failure' })
const MaybeTime = z.iso.datetime().nullable()

export const RunSummary = z
  .object({
    id: z.uuid(),
    graphId: z.uuid().nullable(),
    graphName: z.string(),
    status: RunStatus,
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
    made: Made.partial().optional(),
  })
  .meta({ id: 'OutputItem' })
export type OutputItem = z.infer<typeof OutputItem>

const PortOutput = z.object({
  port: z.string(),
  type: z.enum(['image', 'mask', 'text']),
  total: z.int().meta({ description: 'How many items there are; `items` has the first 50.' }),
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
    cost: z.number(),
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
    type: z.enum(['image', 'mask', 'text']),
    items: z.array(OutputItem),
  })
  .meta({ id: 'DeclaredOutput' })

export const RunDetail = RunSummary.extend({
  /** As it ran, with its inputs applied. */
  graph: GraphShape,
  nodeRuns: z.array(NodeRunView),
  outputs: z.array(RunOutput).meta({ description: 'What the declared outputs hold so far, every item.' }),
}).meta({ id: 'Run' })
export type RunDetail = z.infer<typeof RunDetail>

/** The data of the messages on a run's event stream. */
export const RunMessage = z
  .union([z.object({ type: z.literal('snapshot'), run: RunDetail }), RunEvent])
  .meta({ id: 'RunMessage' })
