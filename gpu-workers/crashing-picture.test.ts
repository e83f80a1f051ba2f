/** A picture that takes the computing thread down: it is tried again on a new thread, and given up after the third time. */
import { createInferenceActivities, createRunCalls } from '@defect-studio/activities/inference'
import { Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testGraph } from '../nodes/graph.fixtures.ts'
import { gpuTaskQueue } from '../workflows/run-messages.ts'
import { startTestStudio, type TestStudio } from '../workflows/studio.fixtures.ts'
import { bundleThread } from './thread/thread.fixtures.ts'
import { createThreadPipeline } from './thread/thread-pipeline.ts'

let studio: TestStudio
let bundle: Awaited<ReturnType<typeof bundleThread>>
beforeAll(async () => {
  bundle = await bundleThread('gpu-workers/thread/odd-tools.fixtures.ts')
  studio = await startTestStudio({}, { gpu: false })
})
afterAll(async () => {
  await studio.close()
  bundle.remove()
})

test('the run fails with a clear reason after three deaths, and the tokens go back', async () => {
  let deaths = 0
  const pipeline = createThreadPipeline({ file: bundle.file, data: null, onCrash: () => deaths++ })
  const none = () => Promise.reject(new Error('This test stores nothing.'))
  const worker = await Worker.create({
    connection: studio.connection,
    namespace: studio.namespace,
    taskQueue: gpuTaskQueue,
    activities: createRunCalls(
      createInferenceActivities({
        pipeline: pipeline.tools,
        artifacts: { get: none, put: none },
        reportProgress: () => {},
      }),
      { log: pino({ level: 'silent' }), internalAttempts: 3, worker: 'test', atOnce: 1, beatMs: 250 },
    ),
  })
  const graph = testGraph({ prompt: ['prompt', { text: 'rust' }], draw: ['text-to-image', { seed: 1 }] }, [
    'prompt.text > draw.prompt',
  ])
  const { runId, handle } = await studio.start(graph)
  await worker.runUntil(handle.result().catch(() => undefined))
  expect(deaths).toBe(3)
  expect(studio.books.of(runId).end).toMatchObject({
    status: 'failed',
    failure: { type: 'crashed', message: expect.stringContaining('died 3 times') as string },
  })
  expect(studio.books.of(runId).holds.map(({ state }) => state)).toEqual(['released'])
  await pipeline.close()
})
