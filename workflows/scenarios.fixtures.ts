/** Runs whose histories are kept: the workflow code of tomorrow must still be able to replay each of them. */
import { ApplicationFailure } from '@temporalio/common'
import { branches, folderOf, oneDefect } from './graphs.fixtures.ts'
import { createGate, type StubActivities, type TestStudio } from './studio.fixtures.ts'

export interface Scenario {
  graph: Parameters<TestStudio['start']>[0]
  stubs?: Partial<StubActivities>
  /** Cancels the run when its first work has begun. */
  cancelAt?: Promise<void>
}

export const scenarioNames = ['happy', 'collection', 'failed-node', 'cancelled'] as const

export function scenario(name: (typeof scenarioNames)[number]): Scenario {
  switch (name) {
    case 'happy':
      return { graph: oneDefect }
    case 'collection':
      return { graph: folderOf(12) }
    case 'failed-node':
      return {
        graph: branches,
        stubs: {
          async drawDefect() {
            throw ApplicationFailure.nonRetryable('No place for it.', 'invalid-input')
          },
        },
      }
    case 'cancelled': {
      const begun = createGate()
      return {
        graph: folderOf(10),
        cancelAt: begun.opened,
        stubs: { drawDefect: workUntilCancelled(begun.open) },
      }
    }
  }
}

/** Like real work: it beats, and ends when its worker is told that the run is cancelled. */
export function workUntilCancelled(begin: () => void): () => Promise<never> {
  return async () => {
    begin()
    const { heartbeat, sleep } = await import('@temporalio/activity')
    for (;;) {
      heartbeat()
      await sleep(20)
    }
  }
}
