/** Follows a run live, as server-sent events. */
import { isFinal, type RunEvent } from '@defect-studio/nodes'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import { findRun } from '../runs/describe-run.ts'
import { EventStream } from '../runs/event-stream.ts'
import { IdParams } from '../shapes/page.ts'

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
  async handler({ studio, caller, params, response }) {
    const read = () => findRun(studio, { id: params.id, ownerId: caller.memberId })
    // Listening starts before the first read: what happens in between is heard, at worst twice.
    const heard: RunEvent[] = []
    let deliver = (event: RunEvent): void => void heard.push(event)
    const unsubscribe = studio.events.subscribe(params.id, (event) => deliver(event))
    try {
      const run = await read()
      if (!run) throw notFound('run')
      const stream = new EventStream(response)
      let known = fingerprint(run)
      const snapshot = async () => {
        const now = await read()
        if (!now) return stream.end()
        if (fingerprint(now) !== known || isFinal(now.status)) stream.send('snapshot', { type: 'snapshot', run: now })
        known = fingerprint(now)
        if (isFinal(now.status)) stream.end()
      }
      // While the database is away a look fails; the next beat looks again.
      const look = () => void snapshot().catch((error: unknown) => studio.log.debug({ err: error }, 'no snapshot'))
      deliver = (event) => {
        stream.send('run-event', event)
        if (event.type === 'run-status' && isFinal(event.status)) look()
      }
      stream.send('snapshot', { type: 'snapshot', run })
      for (const event of heard) deliver(event)
      if (isFinal(run.status)) stream.end()
      const beat = setInterval(() => {
        stream.comment('beat')
        look()
      }, heartbeatMs)
      await stream.ended(studio.closing).finally(() => clearInterval(beat))
    } finally {
      unsubscribe()
    }
  },
})

/** What a page would draw differently; links are left out, because they change by themselves. */
function fingerprint(run: NonNullable<Awaited<ReturnType<typeof findRun>>>): string {
  return JSON.stringify([run.status, run.nodeRuns.map((node) => [node.state, node.itemsDone, node.itemsTotal])])
}
