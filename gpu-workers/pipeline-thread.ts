/** The thread that computes: models and pixels live here, and nothing else, so that no other work waits for them. */
import { parentPort, workerData } from 'node:worker_threads'
import { createPipeline, type PipelineOptions } from './pipeline/index.ts'
import { createStudioPipeline } from './studio-pipeline.ts'
import { tellHowMade } from './tell-how-made.ts'
import { serveTools } from './thread/serve-tools.ts'

if (!parentPort) throw new Error('This file is a thread of the GPU worker; it is not started by itself.')
// The border between two threads: worker.ts has sent it.
const models = createPipeline(workerData as PipelineOptions)

serveTools(
  parentPort,
  {
    ...tellHowMade(createStudioPipeline(models), models),
    listModels: () => models.listModels(),
    warmUp: (model: string, { signal }) => models.warmUp(model, signal),
  },
  { state: models.loaded, dispose: models.dispose },
)
