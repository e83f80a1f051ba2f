/** Serves the inference queues with a pipeline that is given to it, until it is told to stop. */
import {
  createDeviceLock,
  createDeviceWorkers,
  createInferenceActivities,
  serveQueues,
  startTelemetry,
} from '@defect-studio/activities/inference'
import { createApiStore } from '@defect-studio/stores/artifacts'
import type { Logger } from 'pino'
import type { Device } from './describe-device.ts'
import type { GpuWorkerEnv } from './env.ts'
import { createStudioApi } from './studio-api.ts'
import type { ThreadPipeline } from './thread/thread-pipeline.ts'

const version = '0.1.0'

export interface GpuWorker {
  env: GpuWorkerEnv
  log: Logger
  /** Aborts when the process should drain and end. */
  stop: AbortSignal
  /** Closed at the end. */
  pipeline: ThreadPipeline
  device: Device
}

/** Resolves when everything is drained. */
export async function runGpuWorker({
  env,
  log,
  stop,
  pipeline,
  device: described,
}: GpuWorker): Promise<void> {
  const device = createDeviceLock()
  const telemetry = await startTelemetry(env, 'defect-studio-gpu-worker')
  const isNews = tellOnce()

  const studio = createStudioApi({
    apiUrl: env.API_URL,
    workerToken: env.WORKER_TOKEN,
    log,
    serverId: env.SERVER_ID,
    loaded: pipeline.loaded,
    busyMs: device.busyMs,
    async describe() {
      const { models: installed, problems } = await pipeline.listModels()
      for (const problem of problems.filter(isNews)) log.warn(problem, 'a model cannot be used')
      return {
        name: env.SERVER_NAME,
        provider: env.INFERENCE_PROVIDER,
        ...described,
        version,
        models: installed.map(({ id, title, kind, channels, note, licence, bytes, digest, attention }) => {
          return { id, title, kind, channels, note, licence, bytes, digest, attention }
        }),
      }
    },
  })

  const functions = createInferenceActivities({
    pipeline: pipeline.tools,
    artifacts: createApiStore({ apiUrl: env.API_URL, workerToken: env.WORKER_TOKEN }),
    reportProgress: studio.reportProgress,
  })

  /** Work that comes meanwhile waits in its queue: it would have to load the model as well. */
  async function warmUp(model: string): Promise<void> {
    await device.exclusive(() => pipeline.warmUp(model, stop), stop)
    log.info({ model }, 'warmed up')
  }
  const warmed = env.WARM_UP_MODEL === undefined ? Promise.resolve() : warmUp(env.WARM_UP_MODEL)
  const warmedOrNot = warmed.catch((error: unknown) => {
    if (!stop.aborted) log.warn({ err: error, model: env.WARM_UP_MODEL }, 'this model could not be warmed up')
  })

  const registered = studio.stayRegistered(stop)
  const port = env.GPU_WORKER_METRICS_PORT
  await serveQueues({
    env,
    log,
    metrics: port === undefined ? undefined : { host: env.WORKER_METRICS_HOST, port },
    stop,
    createWorkers: (connection) =>
      createDeviceWorkers({
        connection,
        namespace: env.TEMPORAL_NAMESPACE,
        serverId: env.SERVER_ID,
        device,
        functions,
        log,
        internalAttempts: 3,
        common: telemetry.workerOptions,
      }),
  })
  await registered
  await warmedOrNot
  await pipeline.close()
  await telemetry.close()
  log.info('stopped')
}

/** The folders are looked at with every beat; each problem is told once. */
function tellOnce() {
  const told = new Set<string>()
  return ({ folder, reason }: { folder: string; reason: string }): boolean => {
    const before = told.size
    return told.add(`${folder} ${reason}`).size > before
  }
}
