/** Accepts a run: planned, affordable, written down once. Starting it is the dispatcher's work: the row is the outbox. */
import { randomUUID } from 'node:crypto'
import { priorities, type Priority } from '@defect-studio/nodes'
import type { Database, Prisma, Run, RunTrigger } from '@defect-studio/prisma'
import { publishRunEvent } from '../events/run-events.ts'
import { microPerToken } from '../ledger/ledger.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { findKeyed, removedSince, type RequestKey, takeKey } from './idempotency.ts'
import { type PlannedRun, planRun } from './plan-run.ts'
import type { RunOrder, RunSettings, RunStarter, RunWorld } from './run-order.ts'
import { RunRefusal } from './run-refusal.ts'

export interface CreatedRun {
  run: Run
  /** False when the key had been used for the same request: the run is the earlier one. */
  isNew: boolean
}

/**
 * @param key under which the same request is answered with the same run, for good; null: every request is a new run.
 * @throws RunRefusal with everything that stands in the way.
 */
export async function createRun(
  world: RunWorld,
  starter: RunStarter,
  order: RunOrder,
  key: Omit<RequestKey, 'memberId'> | null = null,
): Promise<CreatedRun> {
  const request = key && { ...key, memberId: starter.memberId }
  const earlier = request && (await findRunOf(world, request))
  if (earlier) return { run: earlier, isNew: false }
  const [planned, { available }] = await Promise.all([
    planRun(world, starter, order),
    world.ledger.fundsOf(starter),
  ])
  requireTokens(planned.plan.quote, available)
  const id = randomUUID()
  const data = runRow(id, starter, order, planned, request)
  const run = request ? await writeOnce(world.db, request, data) : await world.db.run.create({ data })
  if (run) {
    announce(world.db, id)
    return { run, isNew: true }
  }
  const winner = request && (await findRunOf(world, request))
  if (!winner) throw removedSince('run')
  return { run: winner, isNew: false }
}

/** Null when somebody with the same key was quicker. */
const writeOnce = (db: Database, request: RequestKey, data: NewRunRow): Promise<Run | null> =>
  retryTransaction(db, async (tx) =>
    // Waits for whoever has the same key in this moment.
    (await takeKey(tx, request, 'run', data.id)) ? tx.run.create({ data }) : null,
  )

/** Pages hear of the run. Nobody waits for it: when it is lost, they hear of its beginning. */
function announce(db: Database, runId: string): void {
  publishRunEvent(db, { type: 'run-status', runId, status: 'queued' }).catch(() => {})
}

/** @throws RunRefusal when the key stands for something else, or for a run that is no more. */
async function findRunOf({ db }: RunWorld, request: RequestKey): Promise<Run | null> {
  const id = await findKeyed(db, request, 'run')
  if (id === null) return null
  const run = await db.run.findUnique({ where: { id } })
  if (!run) throw removedSince('run')
  return run
}

type NewRunRow = Prisma.RunCreateManyInput & { id: string; priority: number; graphId: string | null }

/** What a run is, as its row says it; shared by single runs and batches. */
export function runRow(
  id: string,
  { memberId, departmentId }: RunStarter,
  order: RunSettings & { reference?: string | undefined; batchId?: string },
  { graph, plan, found }: PlannedRun,
  request: { key: string | null; requestHash: string } | null,
): NewRunRow {
  return {
    id,
    graphId: found.id,
    graphRevision: found.revision,
    graphName: order.name ?? found.name,
    ownerId: memberId,
    departmentId,
    document: graph,
    plan,
    quote: plan.quote,
    trigger: order.trigger,
    // A schedule's own workflow walks it, as its child; whoever mends lost runs looks after it as after any other.
    ...(order.trigger === 'schedule' ? { dispatchedAt: new Date() } : {}),
    priority: order.priority ?? usualPriority[order.trigger],
    idempotencyKey: request?.key ?? null,
    requestHash: request?.requestHash ?? '',
    reference: order.reference ?? null,
    parentRunId: order.parentRunId ?? null,
    scheduleId: order.scheduleId ?? null,
    batchId: order.batchId ?? null,
    dispatchedAt: order.dispatched ? new Date() : null,
    ...(order.callback ? { callback: { ...order.callback }, callbackOwed: true } : {}),
  }
}

/** Who waits in front of a screen goes first. */
const usualPriority: Record<RunTrigger, Priority> = {
  hand: priorities.interactive,
  retry: priorities.interactive,
  api: priorities.normal,
  webhook: priorities.normal,
  schedule: priorities.scheduled,
  batch: priorities.batch,
}

/**
 * A look ahead, so that nobody waits for a run that must stop half-way; the books hold the tokens item by item.
 * @param quote whole tokens.
 * @param available micro-tokens.
 * @throws RunRefusal 'insufficient-tokens'.
 */
export function requireTokens(quote: number, available: bigint, what = 'This run'): void {
  if (available >= BigInt(quote) * microPerToken) return
  const have = Number(available) / Number(microPerToken)
  throw new RunRefusal('insufficient-tokens', `${what} can cost ${quote} tokens; you have ${have}.`, {
    needed: quote,
    available: have,
    remedy: 'Ask an administrator for tokens, or run the graph on fewer pictures.',
  })
}
