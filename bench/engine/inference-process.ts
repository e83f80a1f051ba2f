/** The bench's inference worker: the real queues and the real calls, and work that does nothing. Tells the bench of each task. */
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  createDeviceLock,
  createDeviceWorkers,
  readEnvironment,
  serveQueues,
  stopOnSignals,
  temporalEnvironment,
} from '@defect-studio/activities/inference'
import type { DiffusionParams, GeneratedImages, ImageRef, TaskRef } from '@defect-studio/nodes'
import { createApiStore } from '@defect-studio/stores/artifacts'
import { Context } from '@temporalio/activity'
import { pino } from 'pino'
import sharp from 'sharp'
import { z } from 'zod'
import { createStudioApi } from '../../gpu-workers/studio-api.ts'
import { Behaviour, now, type WorkMessage } from './messages.ts'

const side = 8

/** Serves until it is told to stop. */
export async function serveNothing(): Promise<void> {
  const env = readEnvironment(
    z.object({
      ...temporalEnvironment,
      API_URL: z.url(),
      WORKER_TOKEN: z.string(),
      SERVER_ID: z.string(),
    }),
    process.env,
  )
  const log = pino({ level: 'silent' })
  const stop = stopOnSignals()
  let behaviour: Behaviour = { taskMs: 0, stores: false }
  process.on('message', (message) => (behaviour = Behaviour.parse(message)))

  const store = createApiStore({ apiUrl: env.API_URL, workerToken: env.WORKER_TOKEN })
  let activity = ''
  const tell = (kind: WorkMessage['kind'], { runId, nodeId, itemIndex }: TaskRef) =>
    void process.send?.({ kind, at: now(), runId, nodeId, itemIndex } satisfies WorkMessage)
  /** The first call of a task is its start, and takes the time of the whole. */
  const begin = async (task: TaskRef, signal: AbortSignal) => {
    const { activityId, workflowExecution, attempt } = Context.current().info
    const name = `${workflowExecution?.runId ?? ''}:${activityId}:${attempt}`
    if (name === activity) return
    activity = name
    tell('started', task)
    if (behaviour.taskMs === 0) return
    try {
      await wait(behaviour.taskMs, undefined, { signal })
    } catch (error) {
      tell('stopped', task)
      throw error
    }
  }
  const draw = async (
    { seed }: DiffusionParams,
    task: TaskRef,
    signal: AbortSignal,
  ): Promise<GeneratedImages> => {
    await begin(task, signal)
    const image = await nothing(
      `${task.runId}:${task.nodeId}:${task.itemIndex}`,
      behaviour.stores ? store : null,
    )
    return { images: [{ image, seed }], notes: [] }
  }
  const api = createStudioApi({
    apiUrl: env.API_URL,
    workerToken: env.WORKER_TOKEN,
    log,
    serverId: env.SERVER_ID,
    describe: async () => ({
      ...{ name: env.SERVER_ID, provider: 'none', device: 'does nothing', memoryMb: 0, version: '0.1.0' },
      models: [
        {
          ...{ id: 'starter', title: 'Nothing', kind: 'diffusion', channels: 4, note: null, licence: null },
          ...{ bytes: 0, digest: '0'.repeat(64), attention: null },
        },
      ],
    }),
  })
  const registered = api.stayRegistered(stop)
  await serveQueues({
    env,
    log,
    stop,
    async createWorkers(connection) {
      const workers = await createDeviceWorkers({
        ...{ connection, namespace: env.TEMPORAL_NAMESPACE, serverId: env.SERVER_ID },
        ...{ device: createDeviceLock(), functions: { textToImage: draw, imageToImage: draw } },
        ...{ log, internalAttempts: 3 },
      })
      process.send?.('serving')
      return workers
    },
  })
  await registered
}

/** A picture of one colour; each name has its own, so that no two have the same bytes. */
async function nothing(name: string, store: ReturnType<typeof createApiStore> | null): Promise<ImageRef> {
  const digest = createHash('sha256').update(name).digest()
  const about = { mediaType: 'image/png', width: side, height: side }
  if (!store) return { key: digest.toString('hex'), bytes: 100, ...about }
  const bytes = await sharp(Buffer.concat([digest, digest, digest, digest, digest, digest]), {
    raw: { width: side, height: side, channels: 3 },
  })
    .png()
    .toBuffer()
  return { ...(await store.put(bytes, 'image/png')), ...about }
}
