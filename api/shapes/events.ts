/** The messages on the stream of events. */
import { NodeRunState, Priority, RunEvent, RunStatus } from '@defect-studio/nodes'
import { z } from 'zod'
import { TokenBalance } from './tokens.ts'

export const RunStates = z
  .object({
    runId: z.string(),
    status: RunStatus,
    paused: z.boolean(),
    priority: Priority,
    nodes: z.array(
      z.object({
        nodeId: z.string(),
        state: NodeRunState,
        itemsTotal: z.int(),
        itemsDone: z.int(),
        itemsCached: z.int(),
        itemsFailed: z.int(),
      }),
    ),
  })
  .meta({ id: 'RunStates' })

export const EventMessage = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('opened'), streamId: z.uuid() }),
    z.object({
      type: z.literal('run-event'),
      topics: z.array(z.string()).meta({ description: 'The topics that it belongs to.' }),
      event: RunEvent,
    }),
    z.object({ type: z.literal('run-states'), run: RunStates }),
    z
      .object({ type: z.literal('read-again'), topic: z.string() })
      .meta({ description: 'Anything may have changed: read the list.' }),
    z.object({ type: z.literal('tokens'), balance: TokenBalance }),
    z.object({ type: z.literal('reviews'), waiting: z.int() }),
    z
      .object({ type: z.literal('refused'), topic: z.string() })
      .meta({ description: 'There is no such topic, or it is not yours to follow.' }),
    z.object({ type: z.literal('closing'), reason: z.enum(['signed-out', 'stopping']) }).meta({
      description: 'The last message. `signed-out`: come back with a valid token; `stopping`: in a moment.',
    }),
  ])
  .meta({ id: 'EventMessage' })
