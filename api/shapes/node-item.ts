/** What a node made of each of its items, as the API shows it page by page. */
import { FailureShape, NodeRunState } from '@defect-studio/nodes'
import { z } from 'zod'
import { PortTypeName } from './graph.ts'
import { OutputItem } from './run.ts'

const MaybeTime = z.iso.datetime().nullable()

export const NodeItem = z
  .object({
    index: z.int().meta({ description: '0-based place among all that the node works on.' }),
    name: z.string(),
    state: NodeRunState,
    worker: z.string().nullable().meta({ description: 'The server that made it.' }),
    cost: z.number(),
    saved: z.number(),
    failure: FailureShape.nullable(),
    startedAt: MaybeTime,
    endedAt: MaybeTime,
    outputs: z.array(z.object({ port: z.string(), type: PortTypeName, items: z.array(OutputItem) })),
  })
  .meta({ id: 'NodeItem' })

export const OutputPage = z
  .object({ type: PortTypeName, items: z.array(OutputItem), nextCursor: z.int().nullable() })
  .meta({ id: 'OutputPage' })

export const PlaceQuery = z.object({
  cursor: z.coerce.number().int().min(0).optional().meta({ description: '`nextCursor` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})
