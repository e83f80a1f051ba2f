/** Calls that travel together: each with its own end, one after the other or several at once, across crashes and cancels. */
import { StudioError, type ActivityCall, type ActivityName, type CallEnd } from '@defect-studio/nodes'
import type { Info } from '@temporalio/activity'
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createRunCalls, type CallFunction, type CallRules } from './run-calls.ts'

const log = pino({ level: 'silent' })
const calm: CallRules = { log, worker: 'server-1', atOnce: 1, beatMs: 5, internalAttempts: 3 }

/** Runs one activity the way a worker does, without the worker's own log. */
const environment = (info: Partial<Info> = {}) =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR', () => {}) })

const callsOf = (count: number, name = 'upscale'): ActivityCall[] =>
  Array.from({ length: count }, (_, itemIndex) => ({
    // The name came over the wire: anything may stand there.
    name: name as ActivityName,
    input: itemIndex,
    task: { runId: 'r', nodeId: 'n', itemIndex, itemName: `part-${itemIndex}.png` },
  }))

/** What each call does stands in a function of its place. */
function setUp(does: (input: number, signal: AbortSignal) => unknown, rules: Partial<CallRules> = {}) {
  const upscale: CallFunction = async (input: number, _task, signal) => does(input, signal)
  const { runCalls } = createRunCalls({ upscale }, { ...calm, ...rules })
  return (calls: ActivityCall[], run = environment()): ReturnType<typeof runCalls> =>
    run.run<[], Awaited<ReturnType<typeof runCalls>>, () => ReturnType<typeof runCalls>>(() =>
      runCalls({ calls }),
    )
}
const done = (value: unknown): CallEnd => ({ ok: true, value })
const cancel = (run: MockActivityEnvironment) =>
  run.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }))
const untilStopped = (signal: AbortSignal, begun: () => void) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    begun()
  })

test('one call after the other, each with its own end and whether another try may mend it', async () => {
  let underWay = 0
  const run = setUp(async (input) => {
    expect(++underWay).toBe(1)
    await new Promise(setImmediate)
    underWay--
    if (input === 1) throw new StudioError('size-mismatch', 'The mask does not fit.')
    if (input === 2) throw new StudioError('unavailable', 'The API is away.')
    if (input === 3) throw new Error('secret: select * from member')
    return input * 10
  })
  const answer = await run(callsOf(5))
  expect(answer).toMatchObject({ worker: 'server-1', ms: expect.any(Number) as number })
  expect(answer.ends).toEqual([
    done(0),
    { ok: false, failure: { type: 'size-mismatch', message: 'The mask does not fit.' }, again: false },
    { ok: false, failure: { type: 'unavailable', message: 'The API is away.' }, again: true },
    {
      ok: false,
      failure: { type: 'internal', message: expect.not.stringContaining('secret') as string },
      again: true,
    },
    done(40),
  ])
})

test('where several may go on at once, no more than that do', async () => {
  let underWay = 0
  let most = 0
  const run = setUp(
    async (input) => {
      most = Math.max(most, ++underWay)
      await new Promise(setImmediate)
      underWay--
      return input
    },
    { atOnce: 8 },
  )
  const { ends } = await run(callsOf(30))
  expect(ends).toEqual(Array.from({ length: 30 }, (_, index) => done(index)))
  expect(most).toBe(8)
})

test('a single call that fails fails the activity, so that Temporal tries it again', async () => {
  const single = (error: Error, attempt = 1) =>
    setUp(() => Promise.reject(error))(callsOf(1), environment({ attempt }))
  await expect(single(new StudioError('unavailable', 'Away.'))).rejects.toMatchObject({
    type: 'unavailable',
    nonRetryable: false,
  })
  await expect(single(new StudioError('model-missing', 'Gone.'))).rejects.toMatchObject({
    nonRetryable: true,
  })
  await expect(single(new Error('odd'), 2)).rejects.toMatchObject({ type: 'internal', nonRetryable: false })
  await expect(single(new Error('odd'), 3)).rejects.toMatchObject({ type: 'internal', nonRetryable: true })
})

test('what no function stands for is not called, whatever objects have by birth', async () => {
  const run = setUp(() => 'called')
  for (const name of ['toString', 'constructor', '__proto__', 'saveToGallery'])
    await expect(run(callsOf(1, name))).rejects.toMatchObject({ type: 'unavailable', nonRetryable: false })
})

test('a result of nothing is kept as nothing', async () => {
  expect((await setUp(() => undefined)(callsOf(2))).ends).toEqual([done(null), done(null)])
})

/** Does calls until the one at `at`, where the worker dies: what it had told the server last is what is left. */
async function detailsBeforeDeath(at: number, heartbeatDetails?: unknown): Promise<unknown> {
  const mock = environment(heartbeatDetails === undefined ? {} : { attempt: 2, heartbeatDetails })
  let last: unknown
  await new Promise<void>((resolve) => {
    let dying = false
    mock.on('heartbeat', (details: unknown) => {
      last = structuredClone(details)
      if (dying) resolve()
    })
    const run = setUp((input, signal) => {
      if (input !== at) return input
      return untilStopped(signal, () => (dying = true))
    })
    run(callsOf(4), mock).catch(() => {})
  })
  cancel(mock)
  return last
}

test('after a crash it goes on where it stopped, and gives up only the call that kills', async () => {
  let details: unknown
  for (const deaths of [1, 2, 3]) {
    details = await detailsBeforeDeath(2, details)
    expect(details).toEqual({ ends: { 0: done(0), 1: done(1) }, crashes: { 2: deaths } })
  }
  const called: number[] = []
  const { ends } = await setUp((input) => called.push(input))(
    callsOf(4),
    environment({ attempt: 4, heartbeatDetails: details }),
  )
  expect(called).toEqual([3])
  expect(ends[2]).toEqual({
    ok: false,
    failure: { type: 'crashed', message: expect.stringContaining('died 3 times') as string },
    again: false,
  })
  expect(ends).toHaveLength(4)
})

test('after a crash the calls that were under way are done one at a time, and told to the server before', async () => {
  let underWay = 0
  const mock = environment({ attempt: 2, heartbeatDetails: { ends: {}, crashes: { 0: 1, 1: 1, 2: 1 } } })
  let told: unknown
  mock.on('heartbeat', (details: unknown) => (told = details))
  const run = setUp(
    async (input) => {
      expect(++underWay).toBe(1)
      expect(told).toMatchObject({ crashes: { [input]: input < 3 ? 2 : 1 } })
      await new Promise(setImmediate)
      underWay--
    },
    { atOnce: 8 },
  )
  expect((await run(callsOf(5), mock)).ends).toHaveLength(5)
})

test('a single call that has taken its worker down three times is not called again', async () => {
  const run = (crashes: number) =>
    setUp(() => 'done')(
      callsOf(1),
      environment({ attempt: 2, heartbeatDetails: { ends: {}, crashes: { 0: crashes } } }),
    )
  await expect(run(2)).resolves.toMatchObject({ ends: [done('done')] })
  await expect(run(3)).rejects.toMatchObject({ type: 'crashed', nonRetryable: true })
})

test('a crash is counted beforehand, an orderly end takes it back, and a dead thread counts', async () => {
  const beatsOf = async (error: Error, crashes: number) => {
    const mock = environment({ attempt: 2, heartbeatDetails: { ends: {}, crashes: { 0: crashes } } })
    let last: unknown
    mock.on('heartbeat', (details: unknown) => (last = details))
    const failure: unknown = await setUp(() => Promise.reject(error))(callsOf(1), mock).catch(
      (e: unknown) => e,
    )
    return { last, failure }
  }
  expect(await beatsOf(new StudioError('unavailable', 'The API is away.'), 1)).toMatchObject({
    last: { crashes: { 0: 1 } },
  })
  const crash = new StudioError('crashed', 'The thread died.')
  expect(await beatsOf(crash, 1)).toMatchObject({
    last: { crashes: { 0: 2 } },
    failure: { type: 'crashed', nonRetryable: false },
  })
  expect(await beatsOf(crash, 2)).toMatchObject({ failure: { type: 'crashed', nonRetryable: true } })
})

test('ends that are too large for a heartbeat are left out of it', async () => {
  const mock = environment({ attempt: 2 })
  let largest = 0
  mock.on('heartbeat', (details: unknown) => (largest = Math.max(largest, JSON.stringify(details).length)))
  const run = setUp(async (input) => {
    if (input === 9) await new Promise<void>((resolve) => mock.once('heartbeat', () => resolve()))
    return 'x'.repeat(30_000)
  })
  expect((await run(callsOf(10), mock)).ends).toHaveLength(10)
  expect(largest).toBeGreaterThan(60_000)
  expect(largest).toBeLessThan(101_000)
})

test('a cancel stops the call that is under way; what had ended before is told', async () => {
  const mock = environment()
  const run = setUp((input, signal) => (input < 2 ? input : untilStopped(signal, () => cancel(mock))))
  await expect(run(callsOf(5), mock)).resolves.toMatchObject({ ends: [done(0), done(1)] })
})

test('a cancel before anything had ended cancels the activity', async () => {
  for (const count of [1, 3]) {
    const mock = environment()
    const run = setUp((_input, signal) => untilStopped(signal, () => cancel(mock)))
    await expect(run(callsOf(count), mock)).rejects.toBeInstanceOf(CancelledFailure)
  }
})

test('a worker that is stopped leaves its work, with what is done of it, to another one', async () => {
  const mock = environment()
  let last: unknown
  mock.on('heartbeat', (details: unknown) => (last = details))
  const run = setUp((input, signal) =>
    input < 2
      ? input
      : untilStopped(signal, () =>
          mock.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true })),
        ),
  )
  await expect(run(callsOf(4), mock)).rejects.toMatchObject({ type: 'unavailable', nonRetryable: false })
  expect(last).toEqual({ ends: { 0: done(0), 1: done(1) }, crashes: {} })
})

test('a call that takes longer than the time says so; those after it may be done by another activity', async () => {
  const mock = environment({ startToCloseTimeoutMs: 1 })
  const run = setUp((input, signal) => (input === 0 ? 0 : untilStopped(signal, () => {})))
  const [, slow, rest] = (await run(callsOf(3), mock)).ends
  expect(slow).toMatchObject({ failure: { type: 'provider-unavailable' }, again: false })
  expect(rest).toMatchObject({ failure: { type: 'unavailable' }, again: true })
  await expect(
    setUp((_input, signal) => untilStopped(signal, () => {}))(
      callsOf(1),
      environment({ startToCloseTimeoutMs: 1 }),
    ),
  ).rejects.toMatchObject({ type: 'provider-unavailable', nonRetryable: true })
})

test('a device that is taken turns the activity away before any call', async () => {
  const away = ApplicationFailure.create({ type: 'unavailable', message: 'Busy.', nextRetryDelay: '100 ms' })
  let called = false
  const run = setUp(() => (called = true), { exclusive: () => Promise.reject(away) })
  await expect(run(callsOf(2))).rejects.toBe(away)
  expect(called).toBe(false)
})
