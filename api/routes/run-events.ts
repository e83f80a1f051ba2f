/** Follows one run live, as server-sent events. */
import { isFinal, type RunEvent } from '@defect-studio/nodes'
import { readPosition } from '@defect-studio/stores'
import type { Request } from 'express'
import type { Caller } from '../auth/caller.ts'
import { defineRoute } from '../define-route.ts'
import { watchSignIn } from '../events/watch-sign-in.ts'
import { notFound } from '../problem.ts'
import { findRun } from '../runs/describe-run.ts'
import { EventStream } from '../runs/event-stream.ts'
import { ownRuns } from '../runs/own-runs.ts'
import type { RunDetail } from '../shapes/run.ts'
import { IdParams } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'

/** Proxies close silent lines after 30 to 60 s. */
const heartbeatMs = 15_000

export const followRun = defineRoute({
  operationId: 'followRun',
  method: 'get',
  path: '/runs/:id/events',
  tag: 'runs',
  summary: 'Follow a run as server-sent events',
  description:
    'First `event: snapshot` with `{"type":"snapshot","run":…}`, then `event: run-event` with a RunEvent each. ' +
    'When the run has ended one more snapshot comes and the stream closes. Who comes back with Last-Event-ID within ' +
    '50 minutes gets the events that were missed instead of the first snapshot. See the schema RunMessage.',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  streams: 'text/event-stream',
  async handler({ studio, caller, params, request, response }) {
    const read = () => findRun(studio, { AND: [ownRuns(caller), { id: params.id }] })
    // Following starts before the first reading: what happens in between is heard, at worst twice.
    const early: RunEvent[] = []
    let hear = (events: readonly RunEvent[]): void => void early.push(...events)
    const stopFollowing = studio.events.watch(params.id, (events) => hear(events))
    try {
      const run = await read()
      if (!run) throw notFound('run')
      const since = readPosition(request.get('last-event-id'), Date.now())
      const missed = since && !isFinal(run.status) ? await studio.events.since(since) : null
      const stream = new EventStream(response)
      const end = (last: RunDetail | null): void => {
        if (last) stream.send('snapshot', { type: 'snapshot', run: last })
        stream.end()
      }
      const tell = (events: readonly RunEvent[]) => {
        for (const event of events) if (event.runId === params.id) stream.send('run-event', event)
        stream.reached(studio.events.position())
      }
      hear = (events) => {
        tell(events)
        if (events.some((event) => event.type === 'run-status' && isFinal(event.status)))
          readStill(studio, request, caller, read).then(end, () => stream.end())
      }
      if (missed) tell(missed.map(({ event }) => event))
      else stream.send('snapshot', { type: 'snapshot', run })
      // What was told before it ended says nothing more about a run that has.
      if (isFinal(run.status)) stream.end()
      else hear(early)
      const look = () => {
        stream.comment('beat')
        stream.reached(studio.events.position())
        readStill(studio, request, caller, () => Promise.resolve(run)).then(
          (allowed) => (allowed ? undefined : stream.end()),
          // While the database is away nobody can be told; the next beat asks again.
          (error: unknown) => studio.log.debug({ err: error }, 'not asked who follows'),
        )
      }
      const beat = setInterval(look, heartbeatMs)
      const stopWatching = watchSignIn(studio, caller.memberId, look)
      await stream.ended(studio.closing).finally(() => {
        clearInterval(beat)
        stopWatching()
      })
    } finally {
      stopFollowing()
    }
  },
})

/** A line may stay open for hours: who has signed out or lost the key meanwhile reads nothing more. */
async function readStill<T>(
  studio: Studio,
  request: Request,
  caller: Caller,
  read: () => Promise<T | null>,
): Promise<T | null> {
  const now = await studio.authenticator.member(request)
  return now?.memberId === caller.memberId ? read() : null
}
