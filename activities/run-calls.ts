/** The one activity of a work queue: does the calls that travel together, and says how each of them ended. */
import {
  StudioError,
  type ActivityCall,
  type CallActivities,
  type CallEnd,
  type TaskRef,
} from '@defect-studio/nodes'
import { Context } from '@temporalio/activity'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import type { Logger } from 'pino'
import { cancellationOf } from './cancellation-of.ts'
import { createCallRecord, mostCrashes, type CallRecord } from './call-record.ts'
import { describeFailure, toFailure, type FailureContext } from './to-failure.ts'
import { whileWorking, type Beats } from './while-working.ts'

/** What a call names: its input, whom it is for, and a signal that says when to stop. */
export type CallFunction = (input: never, task: TaskRef, signal: AbortSignal) => Promise<unknown>

/** Functions of a contract with that signal. */
export type WithSignal<A> = {
  [K in keyof A]: A[K] extends (input: infer I, task: TaskRef) => infer R
    ? (input: I, task: TaskRef, signal: AbortSignal) => R
    : never
}

export interface CallRules extends Omit<FailureContext, 'attempt'> {
  log: Logger
  /** Who works, as it stands beside each result. */
  worker: string
  /** How many calls go on at the same time. */
  atOnce: number
  /** Milliseconds between two heartbeats, and at least what the worker holds them back: a cancel is heard with one. */
  beatMs: number
  /** Lets one activity at a time do its calls; what waits here does not count as work. */
  exclusive?: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>
}

/** Functions that no call may name are simply not there: whatever else an object has is not looked at. */
export function createRunCalls(
  functions: Readonly<Record<string, CallFunction>>,
  rules: CallRules,
): CallActivities {
  const known = new Map<string, CallFunction>(Object.entries(functions))
  const { exclusive = (work) => work() } = rules
  return {
    async runCalls({ calls }) {
      const context = Context.current()
      const record = createCallRecord(context.info.heartbeatDetails, calls.length)
      let ms = 0
      try {
        await whileWorking({ beatMs: rules.beatMs, details: record.details }, (beats) =>
          exclusive(async () => {
            const began = performance.now()
            await doCalls({ calls, known, record, rules, beats })
            ms = Math.round(performance.now() - began)
          }, beats.signal),
        )
      } catch (error) {
        // Of several none throws: this is the end of the only one, or of waiting for a turn.
        context.heartbeat(record.details())
        if (error instanceof CancelledFailure || error instanceof ApplicationFailure) throw error
        const stopped = cancellationOf(error)
        throw stopped instanceof CancelledFailure
          ? stopped
          : toFailure(stopped ?? error, { ...rules, attempt: context.info.attempt })
      }
      const ends = record.firstEnds()
      if (calls.length > 1) tell(rules.log, calls, ends, ms)
      return { worker: rules.worker, ends, ms }
    },
  }
}

interface Doing {
  calls: readonly ActivityCall[]
  known: ReadonlyMap<string, CallFunction>
  record: CallRecord
  rules: CallRules
  beats: Beats
}

async function doCalls(doing: Doing): Promise<void> {
  const { calls, record, rules, beats } = doing
  // After a crash one at a time, each known to the server before it begins: so the one that kills is found.
  const isCareful = record.hasCrashes
  let next = 0
  const lane = async () => {
    while (next < calls.length && !beats.signal.aborted) {
      const index = next++
      const call = calls[index]
      if (!call || record.endOf(index)) continue
      if (record.crashesOf(index) >= mostCrashes) {
        if (calls.length === 1) throw givenUp()
        record.end(index, {
          ok: false,
          failure: { type: 'crashed', message: givenUp().message },
          again: false,
        })
        continue
      }
      record.begin(index)
      if (isCareful && calls.length > 1) {
        beats.beat()
        await pause(rules.beatMs + 100, beats.signal)
      }
      await doCall(doing, call, index)
    }
  }
  const lanes = isCareful ? 1 : Math.min(rules.atOnce, calls.length)
  await Promise.all(Array.from({ length: lanes }, lane))
  if (record.firstEnds().length === calls.length) return
  if (beats.timeUp.aborted) return leaveRest(calls, record)
  const stopped = cancellationOf(beats.signal.reason)
  // What was done before the cancel is done: the caller writes it down.
  if (stopped instanceof CancelledFailure && record.firstEnds().length > 0) return
  throw stopped ?? beats.signal.reason
}

async function doCall({ calls, known, record, rules, beats }: Doing, call: ActivityCall, index: number) {
  const { runId, nodeId, itemIndex } = call.task
  const about = { activity: call.name, runId, nodeId, itemIndex }
  const isAlone = calls.length === 1
  const attempt = isAlone ? Context.current().info.attempt : 1
  const started = performance.now()
  try {
    beats.signal.throwIfAborted()
    const work = known.get(call.name)
    if (!work) throw new StudioError('unavailable', `This worker does not know how to do "${call.name}".`)
    // The border to what came over the wire: the workflow's types say that the input fits the name.
    const value = await work(call.input as never, call.task, beats.signal)
    record.end(index, { ok: true, value: value ?? null })
    const ms = Math.round(performance.now() - started)
    rules.log[isAlone ? 'info' : 'debug']({ ...about, ms }, 'activity done')
  } catch (error) {
    record.leave(index)
    const isStopped = !beats.timeUp.aborted && cancellationOf(error) !== undefined
    if (isStopped) {
      rules.log.info({ ...about, attempt }, 'activity cancelled')
      if (isAlone) throw error
      return
    }
    const failure = failureOf(beats.timeUp.aborted ? beats.timeUp.reason : error, { record, index })
    const { again, ...described } = describeFailure(failure, { ...rules, attempt })
    rules.log.warn({ ...about, attempt, err: error }, `activity failed: ${described.message}`)
    if (isAlone) throw toFailure(failure, { ...rules, attempt })
    record.end(index, { ok: false, failure: described, again })
  }
}

/** A thread that died counts like a worker that died. */
function failureOf(error: unknown, { record, index }: { record: CallRecord; index: number }): unknown {
  if (!(error instanceof StudioError && error.type === 'crashed')) return error
  record.addCrash(index)
  return record.crashesOf(index) >= mostCrashes ? givenUp(error) : error
}

/** Calls whose turn did not come before the time was up: another activity may do them. */
function leaveRest(calls: readonly ActivityCall[], record: CallRecord): void {
  const message = 'The time was up before its turn came.'
  for (const index of calls.keys())
    if (!record.endOf(index))
      record.end(index, { ok: false, failure: { type: 'unavailable', message }, again: true })
}

function tell(log: Logger, calls: readonly ActivityCall[], ends: readonly CallEnd[], ms: number): void {
  const names = [...new Set(calls.map(({ name }) => name))].join(',')
  const runId = calls[0]?.task.runId
  const failed = ends.filter(({ ok }) => !ok).length
  log.info(
    { activity: names, runId, calls: calls.length, done: ends.length - failed, failed, ms },
    'calls done',
  )
}

function givenUp(cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'crashed',
    message: `The server died ${mostCrashes} times while it worked on this, so it is not tried again.`,
    nonRetryable: true,
    ...(cause ? { cause } : {}),
  })
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
  })
}
