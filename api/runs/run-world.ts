/** What planning and creating runs needs, taken from what routes have; and its refusals as problems. */
import type { RunRefusal, RunWorld } from '@defect-studio/stores'
import { writtenTargetProblem } from '../webhooks/target-policy.ts'
import { ProblemError, type ProblemCode } from '../problem.ts'
import type { Studio } from '../studio.ts'

export const runWorld = ({ db, artifacts, ledger, config }: Studio): RunWorld => ({
  db,
  artifacts,
  ledger,
  sources: config.sources,
  allowExternalMail: config.allowExternalMail,
  webhookProblem: (url) => writtenTargetProblem(config.webhookTargets, url),
})

const codes: Record<RunRefusal['code'], ProblemCode> = {
  'invalid-graph': 'invalid-graph',
  'not-found': 'not-found',
  'insufficient-tokens': 'insufficient-tokens',
  'idempotency-clash': 'idempotency-clash',
  'not-allowed': 'not-allowed',
  removed: 'removed',
}

export const problemOf = ({ code, message, details }: RunRefusal): ProblemError =>
  new ProblemError(codes[code], message, details)
