/** From the commit of what happened to the reader's hand: 50 runs at once, 8 streams that all follow all of them. */
import { setTimeout as wait } from 'node:timers/promises'
import { RunEvent } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { publishRunEvent } from '@defect-studio/stores'
import { z } from 'zod'
import { quantile } from './statistics.ts'

interface EventBench {
  url: string
  db: Database
  ownerToken: string
  ownerId: string
  departmentId: string
}

export interface EventFigures {
  events: number
  /** Events that came over all streams. */
  heard: number
  p50: number
  p95: number
  worst: number
}

const Message = z.object({ type: z.literal('run-event'), event: RunEvent })
type StateEvent = Extract<RunEvent, { type: 'node-run-state' }>

/**
 * Each run changes its node `perRun` times, one transaction each with a row of its own, a pause of `pauseMs` between.
 * Milliseconds from before COMMIT to the message in the reader's process.
 */
export async function measureEvents(
  studio: EventBench,
  { runs = 50, perRun = 20, streams = 8, pauseMs = 100 } = {},
): Promise<EventFigures> {
  const ids = await makeRuns(studio, runs, perRun)
  const committed = new Map<string, number>()
  const heardAt: { key: string; at: number }[] = []
  const stopping = new AbortController()
  const open = await Promise.all(
    Array.from({ length: streams }, () =>
      follow(studio, ids, stopping.signal, (event) => {
        if (event.type === 'node-run-state')
          heardAt.push({ key: `${event.runId} ${event.itemsDone}`, at: performance.now() })
      }),
    ),
  )
  await Promise.all(ids.map((id) => liveThrough(studio.db, id, perRun, pauseMs, committed)))
  const wanted = runs * perRun * streams
  for (let waited = 0; heardAt.length < wanted && waited < 10_000; waited += 50) await wait(50)
  stopping.abort()
  await Promise.all(open.map(({ reading }) => reading.catch(() => undefined)))
  await studio.db.run.deleteMany({ where: { id: { in: ids } } })
  const spans = heardAt.map(({ key, at }) => at - (committed.get(key) ?? NaN))
  return {
    events: runs * perRun,
    heard: heardAt.length,
    p50: quantile(spans, 0.5),
    p95: quantile(spans, 0.95),
    worst: quantile(spans, 1),
  }
}

async function makeRuns(
  { db, ownerId, departmentId }: EventBench,
  count: number,
  itemsTotal: number,
): Promise<string[]> {
  const nothing = { document: {}, plan: {}, quote: 0, requestHash: '' }
  const data = Array.from({ length: count }, () => ({
    ...{ graphName: 'bench', ownerId, departmentId, dispatchedAt: new Date(), ...nothing },
    status: 'running' as const,
  }))
  const rows = await db.run.createManyAndReturn({ data, select: { id: true } })
  await db.nodeRun.createMany({
    data: rows.map(({ id }) => ({ runId: id, nodeId: 'n', type: 'n', itemsTotal })),
  })
  return rows.map(({ id }) => id)
}

async function liveThrough(
  db: Database,
  runId: string,
  times: number,
  pauseMs: number,
  committed: Map<string, number>,
): Promise<void> {
  const key = { runId_nodeId: { runId, nodeId: 'n' } }
  await wait(Math.random() * pauseMs)
  for (let itemsDone = 1; itemsDone <= times; itemsDone++) {
    const event: StateEvent = {
      ...{ type: 'node-run-state', runId, nodeId: 'n', state: 'running', itemsTotal: times, itemsDone },
      ...{ itemsCached: 0, itemsFailed: 0 },
    }
    await db.$transaction(async (tx) => {
      await tx.nodeRun.update({ where: key, data: { itemsDone } })
      await publishRunEvent(tx, event)
      // The moment before COMMIT is sent: never later than the commit, so that the figure is not flattered.
      committed.set(`${runId} ${itemsDone}`, performance.now())
    })
    await wait(pauseMs)
  }
}

/** Resolves when the stream is open and has sent the state of each run; its answer then reads on by itself. */
async function follow(
  studio: EventBench,
  ids: string[],
  signal: AbortSignal,
  heard: (event: RunEvent) => void,
): Promise<{ reading: Promise<void> }> {
  const topics = ids.map((id) => `runs:${id}`).join()
  const answer = await fetch(`${studio.url}/api/v1/events?topics=${topics}`, {
    headers: { authorization: `Bearer ${studio.ownerToken}` },
    signal,
  })
  if (!answer.ok || !answer.body) throw new Error(`The stream was answered with ${answer.status}.`)
  const body = answer.body
  let markJoined = () => {}
  const joined = new Promise<void>((resolve) => (markJoined = resolve))
  const reading = (async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of body) {
      const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        if (block.startsWith('id:')) markJoined()
        const data = /^data: (.*)$/m.exec(block)?.[1]
        const message = data === undefined ? null : Message.safeParse(JSON.parse(data))
        if (message?.success) heard(message.data.event)
      }
    }
  })()
  await joined
  return { reading }
}
