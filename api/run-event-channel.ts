/** One database connection hears the events of all runs and hands them to whoever follows. */
import type { PrismaClient } from '@defect-studio/prisma'
import {
  type Change,
  type EventPosition,
  listenEvents,
  type LoggedEvent,
  logQueryOf,
  publishRunEvent,
  readEventLog,
} from '@defect-studio/stores'
import type { Logger } from 'pino'
import type { RunEvent } from '@defect-studio/nodes'
import { throttleProgress, type ProgressEvent } from './events/throttle-progress.ts'

/** Hears the events of every run; what of it somebody may see is its own matter. */
export interface EventFollower {
  /** Each state once. `position`: where to go on after these. */
  logged(events: readonly LoggedEvent[], position: EventPosition): void
  /** At most ten a second for a node. */
  progress(event: ProgressEvent): void
  /** Null: the connection was away, anything may have changed. */
  changed(change: Change | null): void
}

/** Events of runs, across processes: workers and the books publish, open pages listen. */
export interface RunEventChannel {
  publish(event: RunEvent): Promise<void>
  /** Calls the follower until the returned function is called. */
  follow(follower: EventFollower): () => void
  /** Calls `heard` with what happens to the run until the returned function is called. No state is missed. */
  watch(runId: string, heard: (events: readonly RunEvent[]) => void): () => void
  /** What was logged since; null when that is so much that reading the state anew is less. */
  since(position: EventPosition): Promise<LoggedEvent[] | null>
  /** Where a reader stands that has heard everything so far. */
  position(): EventPosition
}

export interface OpenRunEventChannel extends RunEventChannel {
  /** Resolves when the first connection listens. */
  ready: Promise<void>
  close(): Promise<void>
}

/** A page that was away while a large batch went on reads the state anew. */
const mostMissed = 5_000

export function openRunEventChannel(
  db: PrismaClient,
  databaseUrl: string,
  log: Pick<Logger, 'warn'>,
): OpenRunEventChannel {
  const followers = new Set<EventFollower>()
  const progress = throttleProgress((event) => {
    for (const follower of followers) follower.progress(event)
  })
  const changed = (change: Change | null) => {
    for (const follower of followers) follower.changed(change)
  }
  const listener = listenEvents(databaseUrl, {
    logged(events, position) {
      // The last progress of a node comes before the word that it has ended.
      for (const { event } of events) if (event.type === 'node-run-state') progress.flush(event)
      for (const follower of followers) follower.logged(events, position)
    },
    progress: (event) => progress.take(event),
    changed,
    back: () => changed(null),
    lost: (error) => log.warn({ err: error }, 'no events of runs are heard until PostgreSQL is back'),
  })
  const query = logQueryOf(db)

  function follow(follower: EventFollower): () => void {
    followers.add(follower)
    return () => void followers.delete(follower)
  }

  return {
    ready: listener.ready,
    position: () => listener.position(),
    publish: (event) => publishRunEvent(db, event),
    follow,
    watch: (runId, heard) =>
      follow({
        logged(events) {
          const mine = events.map(({ event }) => event).filter((event) => event.runId === runId)
          if (mine.length > 0) heard(mine)
        },
        progress: (event) => (event.runId === runId ? heard([event]) : undefined),
        changed: () => undefined,
      }),
    async since(position) {
      // Of another database, as after a backup was brought back.
      if (position.safe > listener.position().safe) return null
      const { events } = await readEventLog(query, position.safe, [], mostMissed)
      return events.length < mostMissed ? events : null
    },
    async close() {
      progress.close()
      await listener.close()
    },
  }
}
