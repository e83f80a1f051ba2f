/** Saved graphs and verdicts on graphs, as the API shows them. */
import { Graph, GraphInput, GraphProblem, JsonValue, type PortType } from '@defect-studio/nodes'
import { z } from 'zod'

const portTypeNames = ['image', 'mask', 'text', 'number'] as const satisfies readonly PortType[]
export const PortTypeName = z.enum(portTypeNames)

export const Visibility = z.enum(['private', 'department', 'everyone'])

export const GraphName = z.string().trim().min(1, 'Give the graph a name.').max(100)

export const GraphSummary = z
  .object({
    id: z.uuid(),
    name: z.string(),
    ownerId: z.uuid(),
    ownerNickname: z.string(),
    visibility: Visibility,
    revision: z.int().meta({ description: 'Name it in the next save; a clash is answered with 409.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'GraphSummary' })

/** Named once, so that OpenAPI has one component for it. */
export const GraphShape = Graph.meta({ id: 'Graph' })

const GraphInterface = z.object({
  inputs: z
    .array(
      GraphInput.pick({ name: true }).extend({
        field: z.string().meta({ description: 'The param that it sets, as `node.field`.' }),
        schema: z.record(z.string(), JsonValue).meta({ description: 'JSON Schema of its value.' }),
      }),
    )
    .meta({ description: 'What a run may be given.' }),
  outputs: z
    .array(z.object({ name: z.string(), type: PortTypeName }))
    .meta({ description: 'What a run hands back.' }),
})
export type GraphInterface = z.infer<typeof GraphInterface>

export const SavedGraph = GraphSummary.extend({ graph: GraphShape, ...GraphInterface.shape }).meta({
  id: 'SavedGraph',
})

/** A graph on its way in: any format version; `readGraph` brings it up to today's. */
export const GraphDocument = z
  .record(z.string(), z.unknown())
  .meta({ id: 'GraphDocument', description: 'A graph of this or an earlier formatVersion; see Graph.' })

export const GraphVerdict = z
  .object({
    problems: z.array(GraphProblem.meta({ id: 'GraphProblem' })),
    quote: z
      .int()
      .nullable()
      .meta({ description: 'Tokens that a run can cost at most; null while there are problems.' }),
  })
  .meta({ id: 'GraphVerdict' })
