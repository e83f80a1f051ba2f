/** What the tabs of a browser say to each other about the one stream of events that they share. */
import { z } from 'zod'
import { EventMessage } from './event-message.ts'

export const TabMessage = z.discriminatedUnion('kind', [
  /** A tab follows these topics. */
  z.object({ kind: z.literal('want'), tab: z.string(), topics: z.array(z.string()) }),
  /** A tab is closed, or has nobody signed in any more. */
  z.object({ kind: z.literal('bye'), tab: z.string() }),
  /** The tab that holds the stream asks who wants what. */
  z.object({ kind: z.literal('who') }),
  /** What came over the stream. */
  z.object({ kind: z.literal('message'), message: EventMessage }),
  /** Everything up to here was told, for these topics: whoever takes over goes on from here. */
  z.object({ kind: z.literal('reached'), lastId: z.string(), followed: z.array(z.string()) }),
  /** The stream is lost; timers of a tab in the background sleep, so those in sight ask it to try again. */
  z.object({ kind: z.literal('lost') }),
  z.object({ kind: z.literal('try-again') }),
])
export type TabMessage = z.infer<typeof TabMessage>
