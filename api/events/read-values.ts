/** What a topic looks like now: what a reader gets that cannot go on where it stopped. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import type { EventMessage, RunStates } from '../shapes/events.ts'
import { describeBalance } from '../shapes/tokens.ts'
import type { Studio } from '../studio.ts'
import type { Topic } from './topic.ts'

type Message = z.input<typeof EventMessage>

/** Null when there is nothing to say, as of a run that is gone. */
export async function readTopicNow(
  studio: Pick<Studio, 'db' | 'ledger'>,
  caller: Caller,
  topic: Topic,
): Promise<Message | null> {
  switch (topic.kind) {
    case 'run': {
      const run = await readRunStates(studio.db, topic.runId)
      return run && { type: 'run-states', run }
    }
    case 'runs':
      return { type: 'read-again', topic: `runs:${topic.of}` }
    case 'tokens': {
      const balance = await studio.ledger.balanceOf({ kind: 'member', id: caller.memberId })
      return { type: 'tokens', balance: describeBalance(balance) }
    }
    case 'reviews':
      return { type: 'reviews', waiting: await countReviews(studio.db, caller) }
  }
}

async function readRunStates(db: PrismaClient, runId: string): Promise<z.input<typeof RunStates> | null> {
  const run = await db.run.findUnique({
    where: { id: runId },
    select: {
      ...{ id: true, status: true, pausedAt: true, priority: true },
      nodeRuns: {
        select: {
          ...{ nodeId: true, state: true },
          ...{ itemsTotal: true, itemsDone: true, itemsCached: true, itemsFailed: true },
        },
      },
    },
  })
  return (
    run && {
      runId: run.id,
      status: run.status,
      paused: run.pausedAt !== null,
      priority: run.priority,
      nodes: run.nodeRuns,
    }
  )
}

/** Reviews of the department that wait, and that anybody or this member was asked for. */
function countReviews(db: PrismaClient, { departmentId, memberId }: Caller): Promise<number> {
  const asked = [{ reviewerIds: { isEmpty: true } }, { reviewerIds: { has: memberId } }]
  return db.review.count({ where: { departmentId, decidedAt: null, closedAt: null, OR: asked } })
}
