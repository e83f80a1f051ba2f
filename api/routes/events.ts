/** One stream of events for everything that a reader follows: a browser may open six connections, and has more tabs. */
import { readPosition } from '@defect-studio/stores'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { defineRoute } from '../define-route.ts'
import { EventFeed } from '../events/event-feed.ts'
import { watchSignIn } from '../events/watch-sign-in.ts'
import { notFound } from '../problem.ts'
import { EventStream } from '../runs/event-stream.ts'

const tag = 'events'

/** Proxies close silent lines after 30 to 60 s. */
const heartbeatMs = 15_000

const mostTopics = 100
const topicsOf = (text: string): string[] => [...new Set(text.split(',').filter((name) => name !== ''))]

export const followEvents = defineRoute({
  operationId: 'followEvents',
  method: 'get',
  path: '/events',
  tag,
  summary: 'Follow many topics on one stream of server-sent events',
  description:
    'Topics: `runs:<id>` (states, progress and previews of one run), `runs:mine` and, for administrators, ' +
    '`runs:department` (statuses), `tokens`, `reviews`. First comes `opened` with the id of the stream, then the ' +
    'state of each topic, then what happens. Each message is an EventMessage, its type is the name of the event. Who ' +
    'comes back with Last-Event-ID within 50 minutes gets what was missed instead of the states.',
  auth: 'use-studio',
  scope: 'runs:read',
  query: z.object({
    topics: z
      .string()
      .max(10_000)
      .default('')
      .refine((text) => topicsOf(text).length <= mostTopics, `At most ${mostTopics} topics on one stream.`),
  }),
  streams: 'text/event-stream',
  async handler({ studio, caller, query, request, response }) {
    const since = readPosition(request.get('last-event-id'), Date.now())
    const stream = new EventStream(response)
    const feed = new EventFeed(studio, caller, stream)
    feed.send({ type: 'opened', streamId: feed.id })
    const stopFollowing = studio.events.follow(feed)
    studio.feeds.set(feed.id, feed)
    const sayStopping = () => feed.send({ type: 'closing', reason: 'stopping' })
    // Before the line is closed from our side.
    studio.closing.addEventListener('abort', sayStopping, { once: true })
    const look = () => {
      studio.authenticator.member(request).then(
        (now) => {
          if (now && isSame(now, caller)) return feed.beat()
          feed.send({ type: 'closing', reason: 'signed-out' })
          stream.end()
        },
        // While the database is away nobody can be told; the next beat asks again.
        (error: unknown) => studio.log.debug({ err: error }, 'not asked who follows'),
      )
    }
    const beat = setInterval(look, heartbeatMs)
    const stopWatching = watchSignIn(studio, caller.memberId, look)
    try {
      const ended = stream.ended(studio.closing)
      feed.follow(topicsOf(query.topics), since).catch((error: unknown) => {
        studio.log.warn({ err: error }, 'a stream of events could not begin')
        stream.end()
      })
      await ended
    } finally {
      clearInterval(beat)
      stopWatching()
      studio.closing.removeEventListener('abort', sayStopping)
      stopFollowing()
      studio.feeds.delete(feed.id)
      feed.close()
    }
  },
})

/** A line may stay open for hours: what its caller may see must be what they may see now. */
const isSame = (now: Caller, then: Caller): boolean =>
  now.memberId === then.memberId && now.role === then.role && now.departmentId === then.departmentId

export const changeTopics = defineRoute({
  operationId: 'changeTopics',
  method: 'post',
  path: '/events/:id/topics',
  audit: false,
  tag,
  summary: 'Follow other topics on an open stream, without opening it anew',
  description:
    '404: the stream has ended, or belongs to another process of the studio; open it anew with these topics.',
  auth: 'use-studio',
  scope: 'runs:read',
  params: z.object({ id: z.uuid() }),
  body: z.object({ topics: z.array(z.string().max(100)).max(mostTopics) }),
  async handler({ studio, caller, params, body }) {
    const feed = studio.feeds.get(params.id)
    if (!feed || feed.memberId !== caller.memberId) throw notFound('stream of events')
    await feed.follow(body.topics)
  },
})
