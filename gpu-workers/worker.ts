/** The process on a GPU host: it serves the inference queues and reaches the studio through Temporal and the API alone. */
import { fileURLToPath } from 'node:url'
import {
  createInferenceActivities,
  guardActivities,
  serveQueues,
  stopOnSignals,
} from '@defect-studio/activities/inference'
import { createApiStore } from '@defect-studio/stores/artifacts'
import { Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { describeDevice } from './describe-device.ts'
import { createDeviceLock } from './device-lock.ts'
import { readEnv } from './env.ts'
import { memoryLimit } from './memory-limit.ts'
import type { PipelineOptions } from './pipeline/index.ts'
import { createStudioApi } from './studio-api.ts'
import { createThreadPipeline } from './thread/thread-pipeline.ts'

const version = '0.1.0'

const env = readEnv(process.env)
const log = pino({ level: env.LOG_LEVEL, base: { process: 'gpu-worker', serverId: env.SERVER_ID } })
const stop = stopOnSignals()

const device = await describeDevice(env.INFERENCE_PROVIDER, env.CUDA_DEVICE_ID)
const options: PipelineOptions = {
  provider: env.INFERENCE_PROVIDER,
  deviceId: env.CUDA_DEVICE_ID,
  memoryLimitMb: memoryLimit(env, device),
  modelsDirs: [env.MODELS_DIR],
  shippedDir: fileURLToPath(new URL('./starter-model/weights', import.meta.url)),
}
const pipeline = createThreadPipeline({
  // The thread's bundle lies beside this one; `filename` is where the bundle really is.
  file: import.meta.filename.replace(/\.js$/, '.thread.js'),
  data: options,
  onCrash: (error) => log.error({ err: error }, 'the computing thread died; another one takes its place'),
})

const toldProblems = new Set<string>()
/** The folders are looked at with every beat; each problem is told once. */
function isNews({ folder, reason }: { folder: string; reason: string }): boolean {
  const before = toldProblems.size
  return toldProblems.add(`${folder} ${reason}`).size > before
}

const studio = createStudioApi({
  apiUrl: env.API_URL,
  workerToken: env.WORKER_TOKEN,
  log,
  serverId: env.SERVER_ID,
  loaded: pipeline.loaded,
  async describe() {
    const { models: installed, problems } = await pipeline.listModels()
    for (const problem of problems.filter(isNews)) log.warn(problem, 'a model cannot be used')
    return {
      name: env.SERVER_NAME,
      provider: env.INFERENCE_PROVIDER,
      ...device,
      version,
      models: installed.map(({ id, title, kind, channels, note, licence, bytes, digest, attention }) => {
        return { id, title, kind, channels, note, licence, bytes, digest, attention }
      }),
    }
  },
})

const { exclusive } = createDeviceLock()
const activities = guardActivities(
  createInferenceActivities({
    pipeline: pipeline.tools,
    artifacts: createApiStore({ apiUrl: env.API_URL, workerToken: env.WORKER_TOKEN }),
    reportProgress: studio.reportProgress,
    exclusive,
  }),
  { log, internalAttempts: 3 },
)

/** Work that comes meanwhile waits: it would have to load the model as well. */
async function warmUp(model: string): Promise<void> {
  await exclusive(() => pipeline.warmUp(model, stop), stop)
  log.info({ model }, 'warmed up')
}
const warmed = env.WARM_UP_MODEL === undefined ? Promise.resolve() : warmUp(env.WARM_UP_MODEL)
const warmedOrNot = warmed.catch((error: unknown) => {
  if (!stop.aborted) log.warn({ err: error, model: env.WARM_UP_MODEL }, 'this model could not be warmed up')
})

const registered = studio.stayRegistered(stop)
await serveQueues({
  env,
  log,
  stop,
  createWorkers: (connection) =>
    Promise.all(
      // The second queue is for work that is meant for this very machine.
      ['gpu', `gpu-${env.SERVER_ID}`].map((taskQueue) =>
        Worker.create({
          connection,
          namespace: env.TEMPORAL_NAMESPACE,
          taskQueue,
          activities,
          // One slot each, and one device behind both: the lock inside the activities lets one compute at a time.
          maxConcurrentActivityTaskExecutions: 1,
          maxConcurrentActivityTaskPolls: 1,
          // A cancel is heard at a heartbeat; held back for the usual 8 s it would cost 8 s of a GPU.
          maxHeartbeatThrottleInterval: '1 second',
          // A picture of a small model is finished; a longer one is stopped, and made again elsewhere.
          shutdownGraceTime: '5 seconds',
        }),
      ),
    ),
})
await registered
await warmedOrNot
await pipeline.close()
log.info('stopped')
