/** Remembers for a moment whom a run belongs to and what is open to them: a batch asks for every picture. */
import type { Database } from '@defect-studio/prisma'
import { openSources, type SourceConfig } from '@defect-studio/stores'

export interface RunOwner {
  memberId: string
  departmentId: string
  open: Awaited<ReturnType<typeof openSources>>
}

/** A folder that is closed, or a member who has become a guest, is noticed after so long. */
const remembersMs = 2_000

/** More runs than this do not import in the same two seconds. */
const mostRuns = 100

export function createRunOwners(
  db: Database,
  sources: SourceConfig,
  clock: () => number = () => performance.now(),
): (runId: string) => Promise<RunOwner> {
  const known = new Map<string, { until: number; owner: Promise<RunOwner> }>()
  return (runId) => {
    const before = known.get(runId)
    if (before && before.until > clock()) return before.owner
    if (known.size >= mostRuns) known.clear()
    const owner = findOwner(db, sources, runId)
    // A database that was away for a moment is asked again at once.
    owner.catch(() => known.delete(runId))
    known.set(runId, { until: clock() + remembersMs, owner })
    return owner
  }
}

async function findOwner(db: Database, sources: SourceConfig, runId: string): Promise<RunOwner> {
  const {
    ownerId: memberId,
    departmentId,
    owner,
  } = await db.run.findUniqueOrThrow({
    where: { id: runId },
    select: { departmentId: true, ownerId: true, owner: { select: { role: true } } },
  })
  return { memberId, departmentId, open: await openSources(db, sources, { departmentId, role: owner.role }) }
}
