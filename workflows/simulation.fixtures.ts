/** A world without Temporal, in which chance decides what ends next, what fails, and when people stop or pause a run. */
import type { BookEntry, CallEnd, NodeDefinition, PlannedNode } from '@defect-studio/nodes'
import { CancelledFailure } from '@temporalio/common'
import { z } from 'zod'
import { createBooksQueue } from './books-queue.ts'
import { createMemoryBooks, type MemoryBooks } from './books.fixtures.ts'
import { createPermits, inLanes } from './in-lanes.ts'
import { noItems } from './item-end.ts'
import { needsOf, type ReadNode } from './read-plan.ts'
import { runNode } from './run-node.ts'
import { picture } from './studio.fixtures.ts'
import { walkPlan, type NodeEnd } from './walk-plan.ts'
import type { World } from './world.ts'

export interface SimulatedNode {
  /** Places of the nodes before it from which its one input may come; the first is used, the second feeds `mask`. */
  from: number[]
  policy: PlannedNode['onFailure']
  /** Items of it that fail, by their places. */
  fails: number[]
  /** Nodes of one salt make the same from the same. */
  salt: number
}

export interface Simulation {
  nodes: SimulatedNode[]
  /** Items of every source. */
  items: number
  /** Which of what is under way ends next, step by step. */
  picks: number[]
  /** Before which step the run is cancelled, paused, resumed. */
  cancelAt: number | null
  pauseAt: number | null
  resumeAfter: number
  /** In a batch the items of a node go together. */
  together: boolean
}

export interface Simulated {
  entries: BookEntry[]
  ends: NodeEnd[]
  sent: string[]
  sentAfterStop: number
  askedWhilePaused: number
  books: MemoryBooks
  log: string[]
}

const base = {
  version: 1,
  title: 'Step',
  description: '',
  params: z.object({ salt: z.number().meta({ title: 'Salt' }) }),
  price: () => 1,
} as const

const source = {
  ...base,
  type: 'source',
  category: 'input',
  kind: 'source',
  inputs: {},
  outputs: { image: { type: 'image' } },
  run: async ({ item }) => ({ image: { value: picture('src', item.name) } }),
} satisfies NodeDefinition

const step = {
  ...base,
  type: 'step',
  category: 'edit',
  inputs: { image: { type: 'image' }, mask: { type: 'mask', optional: true } },
  outputs: { image: { type: 'image' } },
  run: async ({ inputs, activities }) => {
    const { image } = await activities.upscale({ image: inputs['image'] as never, model: 'm', factor: 2 })
    return { image: { value: image } }
  },
} satisfies NodeDefinition

export async function simulate(given: Simulation): Promise<Simulated> {
  const books = createMemoryBooks()
  const nodes = given.nodes.map((node, place) => readNode(node, place, given.items))
  books.plans.set('r', { nodes: nodes.map(({ planned }) => planned), carryFrom: null } as never)
  const result: Simulated = {
    entries: [],
    ends: [],
    sent: [],
    sentAfterStop: 0,
    askedWhilePaused: 0,
    books,
    log: [],
  }
  const underWay: { name: string; end(): void; stop(): void }[] = []
  let isStopped = false
  let isPaused = false
  const resume: (() => void)[] = []
  const drained = () => new Promise<void>((resolve) => setImmediate(resolve))

  function wait<T>(name: string, value: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (isStopped) return reject(new CancelledFailure('Stopped.'))
      const end = () => resolve(value())
      underWay.push({ name, end, stop: () => reject(new CancelledFailure('Stopped.')) })
    })
  }
  function goOn(): void {
    isPaused = false
    for (const one of resume.splice(0)) one()
  }
  function stop(): void {
    isStopped = true
    goOn()
    for (const { stop } of underWay.splice(0)) stop()
  }

  /** The books take their time, and are never given up. */
  const writing = () =>
    new Promise<void>((resolve) => {
      const write = { name: 'write', end: resolve, stop: () => void underWay.push(write) }
      underWay.push(write)
    })
  const queue = createBooksQueue({
    async write(entries) {
      result.entries.push(...entries)
      for (const entry of entries) result.log.push(`${entry.kind} ${entry.nodeId}`)
      await writing()
      return books.bookkeeping.write({ runId: 'r', entries })
    },
    drained,
    onBroken: (error) => {
      throw error
    },
  })
  const permits = createPermits(6)
  const world: World = {
    runId: 'r',
    fresh: false,
    books: {
      ...queue,
      prepare(entry) {
        if (isPaused) result.askedWhilePaused += 1
        return queue.prepare(entry)
      },
    },
    drained,
    ready: async () => {
      if (isPaused) await new Promise<void>((resolve) => resume.push(resolve))
    },
    sleep: () => wait('sleep', () => undefined),
    isStopped: () => isStopped,
    isStop: (error) => isStopped && error instanceof CancelledFailure,
    send({ calls }) {
      if (isStopped) result.sentAfterStop += 1
      const names = calls.map(({ task }) => `${task.nodeId}#${task.itemIndex}`)
      result.sent.push(...names)
      return wait(names.join(), () => ({
        worker: 'w',
        ms: 1,
        ends: calls.map(({ task, input }): CallEnd => {
          const fails = given.nodes[Number(task.nodeId.slice(1))]?.fails.includes(task.itemIndex)
          const failure = { type: 'invalid-input', message: 'No.' } as const
          if (fails) return { ok: false, failure, again: false }
          return { ok: true, value: { image: picture('up', JSON.stringify(input).slice(20, 40)) } }
        }),
      }))
    },
    now: () => 0,
    failRun: () => stop(),
    waitForReview: async () => {},
    gather: async () => null,
    readSource: async () => names(given.items),
    readList: async () => [],
    spread: async (groups, work) =>
      given.together ? work(groups) : (await inLanes(groups, 3, permits, (group) => work([group]))).flat(),
    worked: () => {},
    marksNodes: true,
  }

  const find = (id: string): ReadNode => nodes[Number(id.slice(1))] as ReadNode
  const walked = walkPlan(
    { nodes: nodes.map(({ planned }) => planned), segments: [] },
    {
      run: async (planned, inputs) => runNode(world, find(planned.id), inputs),
      runSegment: async () => new Map(),
      pass(planned, state, way) {
        queue.note({ kind: 'mark', nodeId: planned.id, state })
        return { state, outputs: {}, way, counts: noItems }
      },
      needs: (planned) => needsOf(find(planned.id)),
      isStopped: () => isStopped,
    },
  )
  let isDone = false
  void walked.finally(() => (isDone = true))
  for (let round = 0; !isDone; round++) {
    // Long enough that whatever can go on by itself has gone on.
    for (let turn = 0; turn < 12; turn++) await drained()
    if (round === given.cancelAt) stop()
    if (round === given.pauseAt && !isStopped) isPaused = true
    if (given.pauseAt !== null && round === given.pauseAt + given.resumeAfter) goOn()
    const pick = given.picks[round % given.picks.length] ?? 0
    // Now and then the oldest: whatever waits comes to its turn, also beside somebody who looks again and again.
    const place = round % 7 === 6 ? 0 : (pick + round) % Math.max(1, underWay.length)
    const [chosen] = underWay.splice(place, 1)
    chosen?.end()
    if (round > 5_000) throw new Error('It never ends.')
  }
  result.ends = await walked
  const written = queue.written()
  for (let left = true; left;) {
    for (let turn = 0; turn < 12; turn++) await drained()
    left = underWay.length > 0
    underWay.shift()?.end()
  }
  await written
  return result
}

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}`, index, value: null }))

function readNode({ from, policy, salt }: SimulatedNode, place: number, items: number): ReadNode {
  const [image, mask] = from
  const immediate = { ...source, immediate: salt === 1 }
  const definition = (image === undefined ? immediate : step) as unknown as NodeDefinition
  const port = (at: number) => ({ nodeId: `n${at}`, port: 'image' })
  return {
    definition,
    params: { salt },
    planned: {
      id: `n${place}`,
      type: definition.type,
      version: 1,
      title: definition.title,
      params: { salt },
      inputs: {
        ...(image === undefined ? {} : { image: port(image) }),
        ...(mask === undefined ? {} : { mask: port(mask) }),
      },
      price: image === undefined ? 0 : 1,
      items,
      fanOut: 1,
      ...(image === undefined
        ? { collection: { key: '0'.repeat(64), mediaType: 'x', bytes: 1, count: items } }
        : {}),
      onFailure: policy,
      attempts: null,
      modelDigest: null,
      model: null,
      segment: null,
    },
  }
}
