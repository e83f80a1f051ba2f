/** What every entry of a run's books needs and hardly anything of which changes: read once by each process. */
import { Plan, StudioError } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { countedWork, type CountedWork } from './count-work.ts'

export interface RunFacts {
  runId: string
  ownerId: string
  departmentId: string
  /** The runs that it takes up again, the latest first. */
  carry: readonly string[]
  nodes: ReadonlyMap<string, { fanOut: number; model: string | null; counted: CountedWork | null }>
  /** Whether the latest look found something: then the next one most likely does too. */
  finding: boolean
}

/** Retrying a retry of a retry … ends somewhere. */
const longestChain = 20
/** Runs whose facts are kept; a run of 500 nodes has about 50 kB of them. */
const mostRuns = 500

/** @returns a reader with a memory of its own. */
export function createRunFacts(db: Database): (runId: string) => Promise<RunFacts> {
  const known = new Map<string, RunFacts>()
  return async (runId) => {
    const before = known.get(runId)
    if (before) {
      known.delete(runId)
      known.set(runId, before)
      return before
    }
    const facts = await readFacts(db, runId)
    known.set(runId, facts)
    for (const oldest of known.keys()) {
      if (known.size <= mostRuns) break
      known.delete(oldest)
    }
    return facts
  }
}

async function readFacts(db: Database, runId: string): Promise<RunFacts> {
  const run = await db.run.findUnique({
    where: { id: runId },
    select: { ownerId: true, departmentId: true, plan: true },
  })
  if (!run) throw missingRun(runId)
  const plan = Plan.parse(run.plan)
  return {
    runId,
    ownerId: run.ownerId,
    departmentId: run.departmentId,
    carry: plan.carryFrom === null ? [] : await readChain(db, plan.carryFrom, run.departmentId),
    nodes: new Map(
      plan.nodes.map((node) => [
        node.id,
        { fanOut: node.fanOut, model: node.model, counted: countedWork(node) },
      ]),
    ),
    finding: false,
  }
}

/** Only of the same department: results do not leave it. */
async function readChain(db: Database, first: string, departmentId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE "chain" AS (
      SELECT "id", "plan" ->> 'carryFrom' AS "next", 1 AS "place" FROM "Run"
      WHERE "id" = ${first}::uuid AND "departmentId" = ${departmentId}::uuid
      UNION ALL
      SELECT "Run"."id", "Run"."plan" ->> 'carryFrom', "place" + 1 FROM "chain"
      JOIN "Run" ON "Run"."id" = "chain"."next"::uuid AND "departmentId" = ${departmentId}::uuid
      WHERE "place" < ${longestChain}
    )
    SELECT "id"::text AS "id" FROM "chain" ORDER BY "place"`
  return [...new Set(rows.map(({ id }) => id))]
}

export function missingRun(runId: string): StudioError {
  return new StudioError('invalid-graph', `There is no run ${runId}.`)
}
