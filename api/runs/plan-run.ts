/** From what a member asks for to a plan that can run: graph read, pictures resolved, models known, seeds drawn. */
import { randomInt } from 'node:crypto'
import {
  compilePlan,
  type Graph,
  type GraphProblem,
  type Plan,
  readGraph,
  type RunInputs,
} from '@defect-studio/nodes'
import type { Caller } from '../auth/caller.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'
import { knownModelIds } from '../workers/list-models.ts'
import { checkModels } from './check-models.ts'
import { resolveArtifacts } from './resolve-artifacts.ts'

/** Throws 'invalid-graph' with every problem that was found. */
export async function planRun(
  studio: Pick<Studio, 'db' | 'artifacts'>,
  caller: Caller,
  document: unknown,
  given: RunInputs,
): Promise<{ graph: Graph; plan: Plan }> {
  const read = readGraph(document)
  if (!read.ok) throw refuse(read.problems)
  // Once to apply the inputs and find every problem of the graph itself …
  const applied = compilePlan(read.graph, given, () => 0)
  if (!applied.ok) throw refuse(applied.problems)
  const resolved = await resolveArtifacts(studio, caller, applied.graph)
  if (resolved.problems.length > 0) throw refuse(resolved.problems)
  // … and once for the plan: item counts and so the price come from the references as they truly are.
  const compiled = compilePlan(resolved.graph, { inputs: {}, params: {} }, () => randomInt(2 ** 32))
  if (!compiled.ok) throw refuse(compiled.problems)
  const problems = checkModels(compiled.plan, await knownModelIds(studio.db))
  if (problems.length > 0) throw refuse(problems)
  return { graph: resolved.graph, plan: compiled.plan }
}

function refuse(problems: GraphProblem[]): ProblemError {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new ProblemError('invalid-graph', `${first?.message ?? 'The graph cannot run.'}${more}`, {
    problems,
    ...(first ? { remedy: first.remedy } : {}),
  })
}
