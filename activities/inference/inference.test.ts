/** Inference activities with a pipeline of plain functions: refs in and out, seeds, progress. */
import type { ImageRef, TaskRef } from '@defect-studio/nodes'
import { StudioError } from '@defect-studio/nodes'
import { artifactKey } from '@defect-studio/stores/artifacts'
import { expect, test } from 'vitest'
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

const never = new AbortController().signal

function setUp(own: Partial<InferencePipeline> = {}) {
  const stored = new Map<string, Uint8Array>()
  const progress: Progress[] = []
  let time = 0
  const put = async (bytes: Uint8Array) => {
    const key = artifactKey(bytes)
    stored.set(key, bytes)
    return { key, bytes: bytes.byteLength }
  }
  const unused = async (): Promise<never> => Promise.reject(new Error('This test does not need it.'))
  const pipeline: InferencePipeline = {
    makeMask: async ({ mode }) => picture(`mask ${mode}`),
    drawDefect: async ({ image, place }) => ({
      image: picture(`defect in ${text(image)}${place ? ` at ${text(place)}` : ''}`),
      mask: picture('mask'),
    }),
    cleanUp: unused,
    removeBackground: unused,
    suggestPrompts: unused,
    upscale: unused,
    textToImage: async ({ seeds, prompt }) => ({
      pictures: seeds.map((seed) => ({ image: picture(`${prompt} ${seed}`) })),
      notes: ['cut'],
    }),
    imageToImage: unused,
    inpaint: unused,
    ...own,
  }
  const activities = createInferenceActivities({
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
  })
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
  const drawn = await activities.drawDefect(
    {
      image,
      place,
      kind: 'crack',
      size: 1,
      severity: 1,
      count: 1,
      seed: 1,
    },
    task,
    never,
  )
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
  const made = await activities.textToImage({ ...order, count: 3, seed: 2 ** 32 - 2 }, task, never)
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
  const made = await activities.textToImage(params, task, never)
  expect(calls).toEqual([
    [2 ** 32 - 2, 2 ** 32 - 1, 0],
    [1, 2, 3],
  ])
  expect(made.images.map(({ seed }) => seed)).toEqual(calls.flat())
})

test('progress counts the steps of all pictures, and the last is never lost', async () => {
  const setup = setUp({
    textToImage: async (_order, { onStep }: Work) => {
      for (let step = 1; step <= 20; step++) {
        setup.passTime(100)
        onStep(step, 20)
      }
      return { pictures: [{ image: picture('x') }], notes: [] }
    },
  })
  await setup.activities.textToImage({ ...order, count: 2, seed: 1 }, task, never)
  expect(setup.progress.map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, step) => step + 1))
  expect(setup.progress.at(-1)).toEqual({ runId: 'r', nodeId: 'n', itemIndex: 2, step: 40, total: 40 })
})

test('a picture that was deleted is a failure that no other try mends', async () => {
  const { activities } = setUp()
  const image = { key: 'f'.repeat(64), mediaType: 'image/png', bytes: 1, width: 4, height: 3 }
  const working = activities.drawDefect(
    {
      image,
      kind: 'crack',
      size: 1,
      severity: 1,
      count: 1,
      seed: 1,
    },
    task,
    never,
  )
  await expect(working).rejects.toSatisfy(
    (error) => error instanceof StudioError && error.type === 'artifact-missing',
  )
})

test('what the pipeline compared is handed on with the keys of what was compared', async () => {
  const comparison = { changedOutside: 0, changedInside: 3, inside: 4 } as const
  const { activities, upload } = setUp({
    cleanUp: async () => ({ image: picture('clean'), notes: ['fitted'], comparison }),
  })
  const [image, mask] = await Promise.all([upload('photo'), upload('here')])
  const cleaned = await activities.cleanUp({ image, mask, method: 'telea', seed: 1 }, task, never)
  expect(cleaned).toMatchObject({
    notes: ['fitted'],
    certificate: { original: image.key, mask: mask.key, ...comparison },
  })
})
