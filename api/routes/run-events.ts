/** Follows a run live, as server-sent events. */
import { isFinal, type RunEvent } from '@defect-studio/nodes'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import { findRun } from '../runs/describe-run.ts'
import { EventStream } from '../runs/event-stream.ts'
import { IdParams } from '../shapes/page.ts'
import type { RunWatcher } from '../studio.ts'

/**
 * Proxies close silent lines after 30 to 60 s. Each beat also looks whether the run has changed: a notification
 * is lost when PostgreSQL restarts, the row is not.
 */
const heartbeatMs = 10_000

export const followRun = defineRoute({
  method: 'get',
  path: '/runs/:id/events',
  tag: 'runs',
  summary: 'Follow a run as server-sent events',
  description:
    'First `event: snapshot` with `{"type":"snapshot","run":…}`, then `event: run-event` with a RunEvent each. ' +
    'When the run has ended one more snapshot comes and the stream closes. See the schema RunMessage.',
  auth: 'use-studio',
  params: IdParams,
  streams: 'text/event-stream',
  async handler({ studio, caller, params, request, response }) {
    const read = () => findRun(studio, { id: params.id, ownerId: caller.memberId })
    // Watching starts before the first read: what happens in between is heard, at worst twice.
    const early: RunEvent[] = []
    let watcher: RunWatcher = { heard: (event) => void early.push(event), missed: () => {} }
    const stopWatching = studio.events.watch(params.id, {
      heard: (event) => watcher.heard(event),
      missed: () => watcher.missed(),
    })
    try {
      const run = await read()
      if (!run) throw notFound('run')
      const stream = new EventStream(response)
      let known = fingerprint(run)
      const readAgain = async () => {
        // A line may stay open for hours: who has signed out or lost the key meanwhile hears nothing more.
        const isStillMember = (await studio.authenticator.member(request))?.memberId === caller.memberId
        const now = isStillMember ? await read() : null
        if (!now) return stream.end()
        const isEnd = isFinal(now.status)
        if (fingerprint(now) !== known || isEnd) stream.send('snapshot', { type: 'snapshot', run: now })
        known = fingerprint(now)
        if (isEnd) stream.end()
      }
      // While the database is away reading fails; the next beat tries again.
      const look = () =>
        void readAgain().catch((error: unknown) => studio.log.debug({ err: error }, 'no snapshot'))
      watcher = {
        heard(event) {
          stream.send('run-event', event)
          if (event.type === 'run-status' && isFinal(event.status)) look()
        },
        missed: look,
      }
      stream.send('snapshot', { type: 'snapshot', run })
      early.forEach(watcher.heard)
      if (isFinal(run.status)) stream.end()
      const beat = setInterval(() => {
        stream.comment('beat')
        look()
      }, heartbeatMs)
      await stream.ended(studio.closing).finally(() => clearInterval(beat))
    } finally {
      stopWatching()
    }
  },
})

/** What a page would draw differently; links are left out, because they change by themselves. */
function fingerprint(run: NonNullable<Awaited<ReturnType<typeof findRun>>>): string {
  return JSON.stringify([
    run.status,
    run.nodeRuns.map((node) => [node.state, node.itemsDone, node.itemsTotal]),
  ])
}
