/** One database connection hears the events of all runs and hands them to whoever follows one. */
import type { PrismaClient } from '@defect-studio/prisma'
import { listenRunEvents, publishRunEvent } from '@defect-studio/stores'
import type { Logger } from 'pino'
import type { RunEventChannel, RunWatcher } from './studio.ts'

export interface OpenRunEventChannel extends RunEventChannel {
  /** Resolves when the first connection listens. */
  ready: Promise<void>
  close(): Promise<void>
}

export function openRunEventChannel(
  db: PrismaClient,
  databaseUrl: string,
  log: Pick<Logger, 'warn'>,
): OpenRunEventChannel {
  const watchers = new Map<string, Set<RunWatcher>>()
  const listener = listenRunEvents(
    databaseUrl,
    (event) => {
      for (const watcher of watchers.get(event.runId) ?? []) watcher.heard(event)
    },
    {
      onReconnect() {
        for (const set of watchers.values()) for (const watcher of set) watcher.missed()
      },
      onLost: (error) => log.warn({ err: error }, 'no events of runs are heard until PostgreSQL is back'),
    },
  )
  return {
    ready: listener.ready,
    close: () => listener.close(),
    publish: (event) => publishRunEvent(db, event),
    watch(runId, watcher) {
      const set = watchers.get(runId) ?? new Set()
      watchers.set(runId, set.add(watcher))
      return () => {
        set.delete(watcher)
        if (set.size === 0 && watchers.get(runId) === set) watchers.delete(runId)
      }
    },
  }
}
