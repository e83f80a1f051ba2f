/** Several queues over one device, and several machines over one queue, on a real Temporal server. */
import { randomUUID } from 'node:crypto'
import type { StudioError } from '@defect-studio/nodes'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import path from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createTestNamespace } from '../../scripts/testing/test-namespace.ts'
import { createDeviceLock, type DeviceLock } from './device-lock.ts'
import { createDrainGate } from './drain-gate.ts'
import { createDeviceWorkers, takeOrGiveBack } from './serve-device.ts'

Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) })

const log = pino({ level: 'silent' })
const quiet = { logger: new DefaultLogger('ERROR', () => {}) }
let where: { address: string; namespace: string }
let connection: NativeConnection
let client: Client
let caller: Worker
let calling: Promise<void>
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  where = await createTestNamespace()
  connection = await NativeConnection.connect({ address: where.address })
  client = new Client({
    connection: await Connection.connect({ address: where.address }),
    namespace: where.namespace,
  })
  caller = await Worker.create({
    connection,
    namespace: where.namespace,
    taskQueue: 'caller',
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: path.join(import.meta.dirname, 'call-queue.fixtures.ts'),
      logger: new DefaultLogger('ERROR'),
    }),
  })
  calling = caller.run()
})
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})
afterAll(async () => {
  caller.shutdown()
  await calling
  await client.connection.close()
  await connection.close()
})

interface Seen {
  serverId: string
  item: string
  finish: () => void
  signal: AbortSignal
}

/** Machines whose work ends when the test says so. */
function createMachines() {
  const seen: Seen[] = []
  let heard = () => {}
  return {
    seen,
    /** Resolves with what is under way, as soon as so many calls have begun. */
    async begun(count: number): Promise<Seen[]> {
      while (seen.length < count) await new Promise<void>((resolve) => (heard = resolve))
      return seen
    },
    async start(serverId: string, training?: object, gate = createDrainGate()): Promise<DeviceLock> {
      const device = createDeviceLock()
      const workers = await createDeviceWorkers({
        connection,
        namespace: where.namespace,
        serverId,
        device,
        gate,
        log,
        internalAttempts: 3,
        // One process may serve a queue twice only with code of another build.
        common: {
          workerDeploymentOptions: {
            version: { deploymentName: 'machines', buildId: serverId },
            useWorkerVersioning: false,
          },
        },
        functions: {
          upscale: (_input: never, { itemName: item }, signal) =>
            new Promise<string>((resolve, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason as Error))
              seen.push({ serverId, item, signal, finish: () => resolve(item) })
              heard()
            }),
        },
        ...(training ? { training } : {}),
      })
      const running = workers.map((worker) => worker.run())
      stops.push(async () => {
        for (const worker of workers) worker.shutdown()
        await Promise.all(running)
      })
      return device
    },
  }
}

const start = (taskQueue: string, item: string, activity = 'runCalls') =>
  client.workflow.start('callQueue', {
    taskQueue: 'caller',
    workflowId: randomUUID(),
    args: [taskQueue, item, activity],
  })

test('tasks of several queues of one machine are done one at a time', async () => {
  const machines = createMachines()
  await machines.start('a')
  const runs = await Promise.all([start('gpu', '1'), start('gpu-a', '2'), start('gpu', '3')])
  for (const count of [1, 2, 3]) {
    const seen = await machines.begun(count)
    expect(seen).toHaveLength(count)
    seen.at(-1)?.finish()
  }
  const answers = await Promise.all(runs.map((run) => run.result()))
  expect(answers).toMatchObject(
    ['1', '2', '3'].map((value) => ({ worker: 'a', ends: [{ ok: true, value }] })),
  )
})

test('while one machine works the idle one takes what is for everybody', async () => {
  const machines = createMachines()
  const device = await machines.start('a')
  const own = await start('gpu-a', 'own')
  await machines.begun(1)
  // Both queues of the first machine are served, but its device is in use: what its open poll is given goes back.
  await machines.start('b')
  const shared = await start('gpu', 'shared')
  const [first, second] = await machines.begun(2)
  expect(second).toMatchObject({ serverId: 'b', item: 'shared' })
  expect(device.isBusy()).toBe(true)
  second?.finish()
  expect(await shared.result()).toMatchObject({ worker: 'b' })
  first?.finish()
  await own.result()
})

test('while a machine trains its other queues take nothing; afterwards they do', async () => {
  const machines = createMachines()
  let finish = () => {}
  let begun = () => {}
  const trains = new Promise<void>((resolve) => (begun = resolve))
  const lock = await machines.start('t', {
    async train() {
      await lock.exclusive(
        () => new Promise<void>((resolve) => (begun(), (finish = resolve))),
        new AbortController().signal,
      )
      return 'trained'
    },
  })
  const training = await start('training', 'model', 'train')
  await trains
  const runs = await Promise.all([start('gpu', 'x'), start('gpu-t', 'y')])
  for (const run of runs) await pendingAttempts(run.workflowId, 2)
  expect(machines.seen).toEqual([])
  finish()
  expect(await training.result()).toBe('trained')
  ;(await machines.begun(1))[0]?.finish()
  ;(await machines.begun(2))[1]?.finish()
  await Promise.all(runs.map((run) => run.result()))
})

/** Waits until the task has been given back at least once and lies in its queue again. */
async function pendingAttempts(workflowId: string, attempt: number): Promise<void> {
  for (;;) {
    const { raw } = await client.workflow.getHandle(workflowId).describe()
    if ((raw.pendingActivities?.[0]?.attempt ?? 0) >= attempt) return
    await new Promise(setImmediate)
  }
}

test('a machine that drains finishes what it has, takes nothing new, and works on when it is resumed', async () => {
  const machines = createMachines()
  const gate = createDrainGate()
  const device = await machines.start('d', undefined, gate)
  const own = await start('gpu-d', 'own')
  await machines.begun(1)
  gate.set(true)
  // What a poll brings that was open already goes back.
  const shared = await start('gpu', 'shared')
  await pendingAttempts(shared.workflowId, 2)
  await machines.start('e')
  const [first, second] = await machines.begun(2)
  expect([first?.item, first?.signal.aborted, second?.serverId]).toEqual(['own', false, 'e'])
  expect(device.inLine()).toBe(1)
  first?.finish()
  expect(await own.result()).toMatchObject({ worker: 'd', ends: [{ ok: true }] })
  expect(device.inLine()).toBe(0)
  const later = await start('gpu-d', 'later')
  second?.finish()
  await shared.result()
  const another = await start('gpu', 'another')
  ;(await machines.begun(3))[2]?.finish()
  await another.result()
  expect(machines.seen.map(({ serverId, item }) => `${serverId} ${item}`)).toEqual([
    ...['d own', 'e shared', 'e another'],
  ])
  gate.set(false)
  ;(await machines.begun(4))[3]?.finish()
  expect(await later.result()).toMatchObject({ worker: 'd' })
})

test('a worker stops although its machine drains', async () => {
  const gate = createDrainGate()
  gate.set(true)
  const stop = new AbortController()
  const waiting = gate.whenOpen(stop.signal)
  stop.abort(new Error('stop'))
  await expect(waiting).rejects.toThrow('stop')
  gate.set(false)
  await gate.whenOpen(new AbortController().signal)
})

test('a cancelled run is heard of while the device works', async () => {
  const machines = createMachines()
  await machines.start('c')
  const run = await start('gpu-c', 'long')
  const [work] = await machines.begun(1)
  const stopped = new Promise((resolve) => work?.signal.addEventListener('abort', resolve))
  await run.cancel()
  await stopped
  await expect(run.result()).rejects.toThrow()
})

test('an activity is not given back that has few attempts or has been given back often', async () => {
  const device = { isBusy: () => true, exclusive: <T>(work: () => Promise<T>) => work() }
  const take = (attempt: number, maximumAttempts: number) =>
    new MockActivityEnvironment({ attempt, retryPolicy: { maximumAttempts } }, quiet).run(() =>
      takeOrGiveBack({ device, gate: createDrainGate() }, async () => 'done', new AbortController().signal),
    )
  await expect(take(1, 30)).rejects.toMatchObject({ type: 'unavailable' satisfies StudioError['type'] })
  await expect(take(4, 30)).resolves.toBe('done')
  await expect(take(1, 3)).rejects.toMatchObject({ type: 'unavailable' })
  await expect(take(2, 3)).resolves.toBe('done')
})
