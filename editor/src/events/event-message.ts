/** What comes over the stream of events, checked at the border. */
import { RunEvent } from '@defect-studio/nodes'
import { z } from 'zod'

export const EventMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), streamId: z.string() }),
  z.object({ type: z.literal('run-event'), topics: z.array(z.string()), event: RunEvent }),
  z.object({ type: z.literal('run-states'), run: z.object({ runId: z.string() }) }),
  z.object({ type: z.literal('read-again'), topic: z.string() }),
  z.object({
    type: z.literal('tokens'),
    balance: z.object({ posted: z.number(), pending: z.number(), available: z.number() }),
  }),
  z.object({ type: z.literal('reviews'), waiting: z.number() }),
])
export type EventMessage = z.infer<typeof EventMessage>

/** Whom a message is for: the topics whose followers hear it, and whether it stands for their whole state. */
export function addressOf(message: EventMessage): { topics: readonly string[]; isFresh: boolean } {
  switch (message.type) {
    case 'opened':
      return { topics: [], isFresh: false }
    case 'run-event':
      return { topics: message.topics, isFresh: false }
    case 'run-states':
      return { topics: [`runs:${message.run.runId}`], isFresh: true }
    case 'read-again':
      return { topics: [message.topic], isFresh: true }
    case 'tokens':
    case 'reviews':
      return { topics: [message.type], isFresh: false }
  }
}
