/** What one can follow on the stream of events, and who may. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { LoggedEvent } from '@defect-studio/stores'
import type { Caller } from '../auth/caller.ts'

/** `runs:<id>`, `runs:mine`, `runs:department`, `tokens` or `reviews`. */
export type Topic =
  | { kind: 'run'; runId: string }
  | { kind: 'runs'; of: 'mine' | 'department' }
  | { kind: 'tokens' }
  | { kind: 'reviews' }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Null when there is no such topic. */
export function readTopic(name: string): Topic | null {
  if (name === 'tokens' || name === 'reviews') return { kind: name }
  if (name === 'runs:mine') return { kind: 'runs', of: 'mine' }
  if (name === 'runs:department') return { kind: 'runs', of: 'department' }
  const runId = name.startsWith('runs:') ? name.slice('runs:'.length) : ''
  return uuid.test(runId) ? { kind: 'run', runId } : null
}

const seesDepartment = ({ role }: Caller): boolean => role === 'department_admin' || role === 'super_admin'

/** A run is followed by who started it, and by the administrators of its department. */
export async function mayFollow(db: PrismaClient, caller: Caller, topic: Topic): Promise<boolean> {
  if (topic.kind === 'runs') return topic.of === 'mine' || seesDepartment(caller)
  // A key that was made for runs alone is no way to anything else.
  if (topic.kind !== 'run')
    return !caller.key || caller.key.scopes.length === 0 || caller.key.scopes.includes('everything')
  const { memberId: ownerId, departmentId } = caller
  const run = await db.run.findFirst({
    where: { id: topic.runId, OR: [{ ownerId }, ...(seesDepartment(caller) ? [{ departmentId }] : [])] },
    select: { id: true },
  })
  return run !== null
}

/** Whether the event belongs to the topic; that the caller may follow it was settled before. */
export function belongsTo(
  { event, ownerId, departmentId }: LoggedEvent,
  topic: Topic,
  caller: Caller,
): boolean {
  switch (topic.kind) {
    case 'run':
      return event.runId === topic.runId
    case 'runs':
      return (
        event.type === 'run-status' &&
        (topic.of === 'mine' ? ownerId === caller.memberId : departmentId === caller.departmentId)
      )
    case 'tokens':
    case 'reviews':
      return false
  }
}
