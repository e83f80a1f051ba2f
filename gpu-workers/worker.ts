/** The process on a GPU host: its pipeline computes on a thread, and it reaches the studio through Temporal and the API alone. */
import { fileURLToPath } from 'node:url'
import { stopOnSignals } from '@defect-studio/activities/inference'
import { pino } from 'pino'
import { describeDevice } from './describe-device.ts'
import { readEnv } from './env.ts'
import { memoryLimit } from './memory-limit.ts'
import type { PipelineOptions } from './pipeline/index.ts'
import { runGpuWorker } from './run-gpu-worker.ts'
import { createThreadPipeline } from './thread/thread-pipeline.ts'

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
await runGpuWorker({ env, log, stop, pipeline, device })
