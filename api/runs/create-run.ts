/** Accepts a run: planned, affordable, written down once. Starting it is the dispatcher's work. */
import { microPerToken } from '@defect-studio/stores'
import { Prisma, type Run } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import { readableGraphs } from '@defect-studio/stores'
import { hashRequest } from '../idempotency-key.ts'
import { notFound, ProblemError } from '../problem.ts'
import type { NewRun } from '../shapes/run.ts'
import { toTokens } from '../shapes/tokens.ts'
import type { Studio } from '../studio.ts'
import { planRun } from './plan-run.ts'

export interface CreatedRun {
  run: Run
  /** False when the key had been used for the same request: the run is the earlier one. */
  isNew: boolean
}

export async function createRun(
  studio: Studio,
  caller: Caller,
  request: NewRun,
  idempotencyKey: string | null,
): Promise<CreatedRun> {
  const requestHash = hashRequest(request)
  const before = await findEarlier(studio, caller, idempotencyKey, requestHash)
  if (before) return { run: before, isNew: false }

  const source = await findSource(studio, caller, request)
  const { graph, plan } = await planRun(studio, caller, source.document, request)
  await requireTokens(studio, caller, plan.quote)
  try {
    const run = await studio.db.run.create({
      data: {
        graphId: source.graphId,
        graphName: request.name ?? source.name,
        ownerId: caller.memberId,
        departmentId: caller.departmentId,
        document: graph,
        plan,
        quote: plan.quote,
        idempotencyKey,
        requestHash,
      },
    })
    return { run, isNew: true }
  } catch (error) {
    // Somebody with the same key was quicker.
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error
    const winner = await findEarlier(studio, caller, idempotencyKey, requestHash)
    if (!winner) throw error
    return { run: winner, isNew: false }
  }
}

async function findEarlier(
  studio: Studio,
  caller: Caller,
  idempotencyKey: string | null,
  requestHash: string,
) {
  if (idempotencyKey === null) return null
  const run = await studio.db.run.findFirst({ where: { ownerId: caller.memberId, idempotencyKey } })
  if (run && run.requestHash !== requestHash)
    throw new ProblemError('idempotency-clash', 'This Idempotency-Key was used for another run.', {
      remedy: 'Send a new key with a new request.',
    })
  return run
}

async function findSource(studio: Studio, caller: Caller, { graphId, graph }: NewRun) {
  if (graphId === undefined) return { graphId: null, name: 'Untitled', document: graph }
  const row = await studio.db.graph.findFirst({ where: { id: graphId, ...readableGraphs(caller) } })
  if (!row) throw notFound('graph')
  return { graphId, name: row.name, document: row.document }
}

/** A look ahead, so that nobody waits for a run that must stop half-way; the books hold the tokens item by item. */
async function requireTokens({ ledger }: Studio, caller: Caller, quote: number): Promise<void> {
  const { available } = await ledger.balanceOf({ kind: 'member', id: caller.memberId })
  if (available >= BigInt(quote) * microPerToken) return
  const have = toTokens(available)
  throw new ProblemError('insufficient-tokens', `This run can cost ${quote} tokens; you have ${have}.`, {
    needed: quote,
    available: have,
    remedy: 'Ask an administrator for tokens, or run the graph on fewer pictures.',
  })
}
