/** Inference activities with a pipeline of plain functions: refs in and out, seeds, progress, beats, cancellation. */
import type { ImageRef, TaskRef } from '@defect-studio/nodes'
import { StudioError } from '@defect-studio/nodes'
import { artifactKey } from '@defect-studio/stores/artifacts'
import type { Info } from '@temporalio/activity'
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { guardActivities } from '../guard-activities.ts'
import { createInferenceActivities } from './create-inference-activities.ts'
import type { InferencePipeline, Picture, Work } from './pipeline.ts'
import type { Progress } from './progress.ts'

const task: TaskRef = { runId: 'r', nodeId: 'n', itemIndex: 2, itemName: 'part.png' }
const picture = (text: string): Picture => ({
  bytes: Buffer.from(text),
  mediaType: 'image/png',
  width: 4,
  height: 3,
})
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

/** Runs one activity the way a worker does, without the worker's own log. */
const environment = (info: Partial<Info> = {}) =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR', () => {}) })
const call = <I, R>(
  run: MockActivityEnvironment,
  activity: (input: I, task: TaskRef) => Promise<R>,
  input: I,
) => run.run<[], R, () => Promise<R>>(() => activity(input, task))

function setUp(own: Partial<InferencePipeline> = {}) {
  const stored = new Map<string, Uint8Array>()
  const progress: Progress[] = []
  let time = 0
  const put = async (bytes: Uint8Array) => {
    const key = artifactKey(bytes)
    stored.set(key, bytes)
    return { key, bytes: bytes.byteLength }
  }
  const never = async (): Promise<never> => Promise.reject(new Error('This test does not need it.'))
  const pipeline: InferencePipeline = {
    makeMask: async ({ mode }) => picture(`mask ${mode}`),
    drawDefect: async ({ image, place }) => ({
      image: picture(`defect in ${text(image)}${place ? ` at ${text(place)}` : ''}`),
      mask: picture('mask'),
    }),
    cleanUp: never,
    removeBackground: never,
    suggestPrompts: never,
    upscale: never,
    textToImage: async ({ seeds, prompt }) => ({
      pictures: seeds.map((seed) => ({ image: picture(`${prompt} ${seed}`) })),
      notes: ['cut'],
    }),
    imageToImage: never,
    inpaint: never,
    ...own,
  }
  const activities = guardActivities(
    createInferenceActivities({
      pipeline,
      artifacts: {
        put,
        async get(key) {
          const bytes = stored.get(key)
          if (!bytes) throw new StudioError('artifact-missing', `There is no artifact ${key}.`)
          return bytes
        },
      },
      reportProgress: (one) => progress.push(one),
      clock: { now: () => time },
    }),
    { log: pino({ level: 'silent' }), internalAttempts: 3 },
  )
  const upload = async (name: string): Promise<ImageRef> => {
    const bytes = Buffer.from(name)
    return { ...(await put(bytes)), mediaType: 'image/png', width: 4, height: 3 }
  }
  return { activities, stored, progress, upload, passTime: (ms: number) => (time += ms) }
}

const order = {
  model: 'm',
  prompt: 'rust',
  negativePrompt: '',
  steps: 2,
  guidanceScale: 5,
  sampler: 'Euler' as const,
  width: 64,
  height: 64,
}

test('pictures are loaded by their key, and the results are stored and referred to', async () => {
  const { activities, stored, upload } = setUp()
  const [image, place] = await Promise.all([upload('photo'), upload('here')])
  const drawn = await call(environment(), activities.drawDefect, {
    image,
    place,
    kind: 'crack',
    size: 1,
    severity: 1,
    count: 1,
    seed: 1,
  })
  expect(drawn.image).toMatchObject({
    mediaType: 'image/png',
    width: 4,
    height: 3,
    bytes: 'defect in photo at here'.length,
  })
  expect(text(stored.get(drawn.image.key) ?? Buffer.of())).toBe('defect in photo at here')
  expect(stored.has(drawn.mask.key)).toBe(true)
})

test('several pictures use the next seeds, which wrap, and a note is told once', async () => {
  const { activities } = setUp()
  const run = environment()
  const made = await call(run, activities.textToImage, { ...order, count: 3, seed: 2 ** 32 - 2 })
  expect(made.images.map(({ seed }) => seed)).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0])
  expect(new Set(made.images.map(({ image }) => image.key)).size).toBe(3)
  expect(made.notes).toEqual(['cut'])
})

test('batches come one after the other, each as one call with the next seeds', async () => {
  const calls: number[][] = []
  const { activities } = setUp({
    textToImage: async ({ seeds }) => {
      calls.push(seeds)
      return { pictures: seeds.map((seed) => ({ image: picture(String(seed)) })), notes: [] }
    },
  })
  const params = { ...order, count: 2, batchSize: 3, seed: 2 ** 32 - 2 }
  const made = await call(environment(), activities.textToImage, params)
  expect(calls).toEqual([
    [2 ** 32 - 2, 2 ** 32 - 1, 0],
    [1, 2, 3],
  ])
  expect(made.images.map(({ seed }) => seed)).toEqual(calls.flat())
})

test('a preview is reported with the next step that people see, though it comes late', async () => {
  const setup = setUp({
    textToImage: async (_order, { onStep }: Work) => {
      onStep(1, 4)
      onStep(2, 4)
      onStep(1, 4, 'data:early')
      setup.passTime(300)
      onStep(3, 4)
      onStep(2, 4, 'data:late')
      onStep(4, 4)
      return { pictures: [{ image: picture('x') }], notes: [] }
    },
  })
  await call(environment(), setup.activities.textToImage, { ...order, count: 1, seed: 1 })
  expect(setup.progress.map(({ step, preview }) => [step, preview])).toEqual([
    [1, undefined],
    [3, 'data:early'],
    [4, 'data:late'],
  ])
})

test('progress counts the steps of all pictures, at most four times a second, and the last is never lost', async () => {
  const setup = setUp({
    textToImage: async (_order, { onStep }: Work) => {
      for (let step = 1; step <= 20; step++) {
        setup.passTime(50)
        onStep(step, 20)
      }
      return { pictures: [{ image: picture('x') }], notes: [] }
    },
  })
  const run = environment()
  await call(run, setup.activities.textToImage, { ...order, count: 2, seed: 1 })
  expect(setup.progress.map(({ step }) => step)).toEqual([1, 6, 11, 16, 21, 26, 31, 36, 40])
  expect(setup.progress.at(-1)).toEqual({ runId: 'r', nodeId: 'n', itemIndex: 2, step: 40, total: 40 })
})

test('it beats at once, so that a dead worker is noticed even before the first second', async () => {
  const { activities } = setUp()
  const run = environment()
  let beats = 0
  run.on('heartbeat', () => beats++)
  const shape = { mode: 'random', shape: 'blob', size: 1, count: 1, seed: 1 } as const
  await call(run, activities.makeMask, { ...shape, width: 4, height: 3 })
  expect(beats).toBeGreaterThan(0)
})

const untilStopped = ({ signal }: Work, begun: () => void) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    begun()
  })

test('a worker that is stopped leaves its work to another one', async () => {
  const run = environment()
  const { activities } = setUp({
    textToImage: (_order, work) =>
      untilStopped(work, () =>
        run.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true })),
      ),
  })
  const working = call(run, activities.textToImage, { ...order, count: 1, seed: 1 })
  await expect(working).rejects.toMatchObject({ type: 'unavailable', nonRetryable: false })
})

test('work that has taken its worker down three times is given up with a clear failure', async () => {
  const { activities } = setUp()
  const attempt = (heartbeatDetails: unknown) =>
    call(environment({ heartbeatDetails }), activities.textToImage, { ...order, count: 1, seed: 1 })
  await expect(attempt({ crashes: 2 })).resolves.toMatchObject({ notes: ['cut'] })
  await expect(attempt({ crashes: 3 })).rejects.toMatchObject({
    type: 'crashed',
    nonRetryable: true,
    message: expect.stringContaining('died 3 times') as string,
  })
})

test('each beat counts a crash beforehand, and an orderly end takes it back', async () => {
  const beatsOf = async (error: Error, heartbeatDetails?: unknown) => {
    const run = environment(heartbeatDetails === undefined ? {} : { heartbeatDetails })
    const beats: unknown[] = []
    run.on('heartbeat', (details: unknown) => beats.push(details))
    const { activities } = setUp({ textToImage: () => Promise.reject(error) })
    const working = call(run, activities.textToImage, { ...order, count: 1, seed: 1 })
    const failure: unknown = await working.catch((reason: unknown) => reason)
    return { first: beats[0], last: beats.at(-1), failure }
  }
  const away = new StudioError('unavailable', 'The API is away.')
  expect(await beatsOf(away)).toMatchObject({ first: { crashes: 1 }, last: { crashes: 0 } })
  const crash = new StudioError('crashed', 'The thread died.')
  expect(await beatsOf(crash, { crashes: 1 })).toMatchObject({
    last: { crashes: 2 },
    failure: { type: 'crashed', nonRetryable: false },
  })
  expect(await beatsOf(crash, { crashes: 2 })).toMatchObject({
    failure: { type: 'crashed', nonRetryable: true },
  })
})

test('a cancelled run stops the pipeline and ends as cancelled', async () => {
  const run = environment()
  const { activities } = setUp({
    textToImage: (_order, work) =>
      untilStopped(work, () =>
        run.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true })),
      ),
  })
  const working = call(run, activities.textToImage, { ...order, count: 1, seed: 1 })
  await expect(working).rejects.toBeInstanceOf(CancelledFailure)
})

test('work that takes longer than its time says so instead of being tried again', async () => {
  const run = environment({ startToCloseTimeoutMs: 1 })
  const { activities } = setUp({ textToImage: (_order, work) => untilStopped(work, () => {}) })
  const working = call(run, activities.textToImage, { ...order, count: 1, seed: 1 })
  await expect(working).rejects.toMatchObject({ type: 'provider-unavailable', nonRetryable: true })
})

test('a picture that was deleted is a failure that no other try mends', async () => {
  const { activities } = setUp()
  const image = { key: 'f'.repeat(64), mediaType: 'image/png', bytes: 1, width: 4, height: 3 }
  const working = call(environment(), activities.drawDefect, {
    image,
    kind: 'crack',
    size: 1,
    severity: 1,
    count: 1,
    seed: 1,
  })
  await expect(working).rejects.toSatisfy(
    (error) =>
      error instanceof ApplicationFailure && error.type === 'artifact-missing' && error.nonRetryable === true,
  )
})

test('what the pipeline compared is handed on with the keys of what was compared', async () => {
  const comparison = { changedOutside: 0, changedInside: 3, inside: 4 } as const
  const { activities, upload } = setUp({
    cleanUp: async () => ({ image: picture('clean'), notes: ['fitted'], comparison }),
  })
  const [image, mask] = await Promise.all([upload('photo'), upload('here')])
  const cleaned = await call(environment(), activities.cleanUp, { image, mask, method: 'telea', seed: 1 })
  expect(cleaned).toMatchObject({
    notes: ['fitted'],
    certificate: { original: image.key, mask: mask.key, ...comparison },
  })
})
