/** Gathers the calls of all items that are worked on together: those that wait at the same moment travel as one activity. */
import type { Activities, ActivityCall, ActivityName, CallEnd, TaskRef } from '@defect-studio/nodes'
import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow'
import { callLanes } from './call-lanes.ts'
import type { CallOrder, Lane, World } from './world.ts'

/** Calls of one activity at most, and characters of their inputs: one event may have 2 MiB. */
export const mostCalls = 100
const mostCharacters = 500_000

export interface CallRound {
  /** What a node's `run` gets: every call says for which piece of the run it is. */
  activitiesFor(task: TaskRef): Activities
  /** Who did the last call for the item. */
  workerOf(itemIndex: number): string | null
}

/** What all calls of a round have in common. */
export interface RoundOptions {
  title: string
  /** Pictures that one call makes. */
  pictures: number
  attempts: number | null
  server?: string
}

interface Waiting {
  call: ActivityCall
  resolve(value: unknown): void
  reject(error: unknown): void
}

type RoundWorld = Pick<World, 'drained' | 'send' | 'now' | 'isStop' | 'isStopped' | 'worked'>

export function createCallRound(world: RoundWorld, options: RoundOptions): CallRound {
  const waiting: Record<Lane, Waiting[]> = { io: [], gpu: [] }
  const workers = new Map<number, string>()
  let isFlushing = false

  function ask(name: ActivityName, input: unknown, task: TaskRef): Promise<unknown> {
    return new Promise((resolve, reject) => {
      waiting[callLanes[name]].push({ call: { name, input, task }, resolve, reject })
      if (isFlushing) return
      isFlushing = true
      world.drained().then(flush, reject)
    })
  }

  function flush(): void {
    isFlushing = false
    for (const lane of ['io', 'gpu'] as const)
      for (const some of parcels(waiting[lane].splice(0))) void together(lane, some)
  }

  /** Never rejects: whoever waits for a call hears how it went. */
  async function together(lane: Lane, asked: readonly Waiting[]): Promise<void> {
    const { attempts } = options
    try {
      const ends = await send(lane, asked, attempts)
      for (const [index, one] of asked.entries()) {
        const end = ends[index]
        const isAgain = asked.length > 1 && end?.ok === false && end.again && attempts !== 1
        if (isAgain && !world.isStopped()) void alone(lane, one, attempts === null ? null : attempts - 1)
        else handOut(one, end)
      }
    } catch (error) {
      // Nobody knows which of them brought the worker down: each shows it by itself.
      const isKnown = asked.length === 1 || world.isStop(error)
      for (const one of asked)
        if (isKnown) one.reject(error)
        else void alone(lane, one, attempts)
    }
  }

  const alone = (lane: Lane, one: Waiting, attempts: number | null): Promise<void> =>
    send(lane, [one], attempts).then(([end]) => handOut(one, end), one.reject)

  async function send(lane: Lane, asked: readonly Waiting[], attempts: number | null): Promise<CallEnd[]> {
    const began = world.now()
    const order: CallOrder = {
      lane,
      calls: asked.map(({ call }) => call),
      pictures: options.pictures * asked.length,
      ...(options.server === undefined ? {} : { server: options.server }),
      attempts,
      summary: summaryOf(options.title, asked),
    }
    const { worker, ends, ms } = await world.send(order)
    for (const { call } of asked) workers.set(call.task.itemIndex, worker)
    world.worked(ms ?? world.now() - began)
    return ends
  }

  return {
    // The border to node code: every name of the contract is there, and its calls end with what the worker gave.
    activitiesFor: (task) =>
      new Proxy({} as Activities, {
        get: (_none, name) => (isActivity(name) ? (input: unknown) => ask(name, input, task) : undefined),
      }),
    workerOf: (itemIndex) => workers.get(itemIndex) ?? null,
  }
}

const isActivity = (name: string | symbol): name is ActivityName =>
  typeof name === 'string' && Object.hasOwn(callLanes, name)

function handOut(one: Waiting, end: CallEnd | undefined): void {
  if (end?.ok) one.resolve(end.value)
  else if (end) one.reject(ApplicationFailure.nonRetryable(end.failure.message, end.failure.type))
  else one.reject(new CancelledFailure('It was not begun before the run was cancelled.'))
}

/** Cuts what waits into activities that are not too large. */
function parcels(asked: readonly Waiting[]): Waiting[][] {
  if (asked.length <= 1) return asked.length === 0 ? [] : [[...asked]]
  const cut: Waiting[][] = []
  let room = 0
  for (const one of asked) {
    const size = JSON.stringify(one.call).length
    const last = cut.at(-1)
    if (!last || last.length >= mostCalls || size > room) {
      cut.push([one])
      room = mostCharacters - size
    } else {
      last.push(one)
      room -= size
    }
  }
  return cut
}

/** Temporal shows 400 bytes of it at most; a letter may have four. */
const longestName = 60

function summaryOf(title: string, asked: readonly Waiting[]): string {
  const name = asked[0]?.call.task.itemName ?? ''
  const more = asked.length > 1 ? ` and ${asked.length - 1} more` : ''
  return `${title.slice(0, longestName)}: ${name.slice(0, longestName)}${more}`
}
