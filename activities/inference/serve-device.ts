/** The workers of one device: a queue for everybody's work, one for this very machine, one for training. */
import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker'
import { createRunCalls, type CallFunction, type CallRules } from '../run-calls.ts'
import type { DeviceLock } from './device-lock.ts'
import { createDrainGate, type DrainGate } from './drain-gate.ts'
import { idleSlot, tunerFor } from './idle-slot.ts'

/** A cancel is heard with a heartbeat: within half a second at the worst, and a beat costs the server a write. */
const beatMs = 250

export interface DeviceWorkers extends Pick<CallRules, 'log' | 'internalAttempts'> {
  connection: NativeConnection
  namespace: string
  /** Stands beside every result, and names the machine's own queue. */
  serverId: string
  device: DeviceLock
  /** Closed by whoever drains the machine; without one it is always open. */
  gate?: DrainGate
  functions: Readonly<Record<string, CallFunction>>
  /** What the `training` queue is served with, each taking the device itself; without a trainer it is not served. */
  training?: object
  /** Versions, interceptors: what every worker of the process has. */
  common?: Partial<WorkerOptions>
}

/**
 * One slot for each queue and one device behind them all. A queue takes a task only while the device is free, so that
 * an idle machine elsewhere is not passed over. At most one task for each queue comes all the same, by a poll that was
 * open when the device was taken: it goes back and is given to whoever is free.
 */
export function createDeviceWorkers({
  connection,
  namespace,
  serverId,
  device,
  gate = createDrainGate(),
  functions,
  training,
  common,
  ...rules
}: DeviceWorkers): Promise<Worker[]> {
  const runCalls = createRunCalls(functions, {
    ...rules,
    worker: serverId,
    atOnce: 1,
    beatMs,
    exclusive: (work, signal) => takeOrGiveBack({ device, gate }, work, signal),
  })
  const queues: [string, object][] = [
    ['gpu', runCalls],
    [`gpu-${serverId}`, runCalls],
    ...(training ? [['training', training] satisfies [string, object]] : []),
  ]
  return Promise.all(
    queues.map(([taskQueue, activities]) =>
      Worker.create({
        ...common,
        connection,
        namespace,
        taskQueue,
        activities,
        tuner: tunerFor(idleSlot(device, gate)),
        maxConcurrentActivityTaskPolls: 1,
        maxHeartbeatThrottleInterval: beatMs,
        // A picture of a small model is finished; a longer one is stopped, and made again elsewhere.
        shutdownGraceTime: '5 seconds',
      }),
    ),
  )
}

/** So often a task is given back before it waits here: giving back costs it one of its attempts. */
const mostReturns = 3
/** So many attempts are always left for the work itself. */
const attemptsForWork = 2

/**
 * Gives the task back when the device is in use, since training takes hours and another machine may be idle, and when
 * the machine drains.
 */
export async function takeOrGiveBack<T>(
  machine: { device: Pick<DeviceLock, 'exclusive' | 'isBusy'>; gate: Pick<DrainGate, 'isClosed'> },
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { device, gate } = machine
  const isClosed = gate.isClosed()
  if ((isClosed || device.isBusy()) && mayGiveBack())
    throw ApplicationFailure.create({
      type: 'unavailable',
      message: isClosed
        ? 'This server takes nothing new.'
        : 'The device of this server was taken a moment before.',
      nextRetryDelay: '50 milliseconds',
    })
  return device.exclusive(work, signal)
}

function mayGiveBack(): boolean {
  const { attempt, retryPolicy } = Context.current().info
  // 0 and none mean: without end.
  const attempts = retryPolicy?.maximumAttempts || Infinity
  return attempt <= mostReturns && attempts - attempt >= attemptsForWork
}
