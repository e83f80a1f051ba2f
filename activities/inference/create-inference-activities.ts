/** The activities on the `gpu` queue. Each is thin: load what refs point at, have the pipeline work, store, give refs. */
import type {
  Certificate,
  DiffusionParams,
  GeneratedImages,
  ImageRef,
  InferenceActivities,
  TaskRef,
  WithTask,
} from '@defect-studio/nodes'
import { seedPlus } from '@defect-studio/nodes'
import type { ArtifactStore } from '@defect-studio/stores/artifacts'
import type { WithSignal } from '../run-calls.ts'
import type { Comparison, DrawnPictures, DrawOrder, InferencePipeline, Picture, Work } from './pipeline.ts'
import { createProgress, type ReportProgress } from './progress.ts'

export interface InferenceDependencies {
  pipeline: InferencePipeline
  artifacts: Pick<ArtifactStore, 'get' | 'put'>
  reportProgress: ReportProgress
  /** Milliseconds that only grow. */
  clock?: { now(): number }
}

export function createInferenceActivities({
  pipeline,
  artifacts,
  reportProgress,
  clock = performance,
}: InferenceDependencies): WithSignal<WithTask<InferenceActivities>> {
  const onStepFor = createProgress(reportProgress, () => clock.now())
  const load = (ref: ImageRef) => artifacts.get(ref.key)
  const loadIf = async (ref: ImageRef | undefined) => (ref ? await load(ref) : undefined)
  async function store({ bytes, mediaType, width, height }: Picture): Promise<ImageRef> {
    const stored = await artifacts.put(bytes, mediaType)
    return { ...stored, mediaType, width, height }
  }
  const storeBoth = async (made: { image: Picture; mask: Picture }) => ({
    image: await store(made.image),
    mask: await store(made.mask),
  })

  /** One batch after the other, each picture with the next seed; stored as soon as they are there. */
  async function drawEach(
    { count, batchSize = 1, seed, ...order }: DiffusionParams,
    { task, signal }: { task: TaskRef; signal: AbortSignal },
    draw: (order: DrawOrder, work: Work) => Promise<DrawnPictures>,
    masked?: { image: ImageRef; mask: ImageRef },
  ): Promise<GeneratedImages> {
    const progress = onStepFor(task)
    const images: GeneratedImages['images'] = []
    const notes = new Set<string>()
    for (let k = 0; k < count; k++) {
      const seeds = Array.from({ length: batchSize }, (_, i) => seedPlus(seed, k * batchSize + i))
      const onStep: Work['onStep'] = (step, total, preview) =>
        progress(k * total + step, count * total, preview)
      signal.throwIfAborted()
      const drawn = await draw({ ...order, seeds }, { signal, onStep })
      for (const [i, { image, comparison }] of drawn.pictures.entries()) {
        const proof = masked ? certified(comparison, masked.image, masked.mask) : {}
        images.push({ image: await store(image), seed: seeds[i] ?? seed, ...proof })
      }
      for (const note of drawn.notes) notes.add(note)
    }
    return { images, notes: [...notes] }
  }

  const workFor = (task: TaskRef, signal: AbortSignal): Work => ({
    signal,
    onStep: onStepFor(task),
  })

  return {
    async makeMask(input, task, signal) {
      const work = workFor(task, signal)
      const mask =
        input.mode === 'random'
          ? await pipeline.makeMask(input, work)
          : await pipeline.makeMask({ ...input, drawn: await load(input.drawn) }, work)
      return { mask: await store(mask) }
    },
    async drawDefect({ image, place, ...rest }, task, signal) {
      const [bytes, where] = await Promise.all([load(image), loadIf(place)])
      const order = { ...rest, image: bytes, ...(where ? { place: where } : {}) }
      return storeBoth(await pipeline.drawDefect(order, workFor(task, signal)))
    },
    async cleanUp({ image, mask, ...rest }, task, signal) {
      const [bytes, where] = await Promise.all([load(image), load(mask)])
      const cleaned = await pipeline.cleanUp({ ...rest, image: bytes, mask: where }, workFor(task, signal))
      const { notes, comparison } = cleaned
      return { image: await store(cleaned.image), notes, ...certified(comparison, image, mask) }
    },
    async removeBackground({ image, ...rest }, task, signal) {
      const order = { ...rest, image: await load(image) }
      return storeBoth(await pipeline.removeBackground(order, workFor(task, signal)))
    },
    async suggestPrompts({ image, ...order }, task, signal) {
      return pipeline.suggestPrompts({ ...order, image: await load(image) }, workFor(task, signal))
    },
    async upscale({ image, ...rest }, task, signal) {
      const large = await pipeline.upscale({ ...rest, image: await load(image) }, workFor(task, signal))
      return { image: await store(large) }
    },
    textToImage: ({ width, height, ...params }, task, signal) =>
      drawEach(params, { task, signal }, (order, work) =>
        pipeline.textToImage({ ...order, width, height }, work),
      ),
    async imageToImage({ image, strength, ...params }, task, signal) {
      const bytes = await load(image)
      return drawEach(params, { task, signal }, (order, work) =>
        pipeline.imageToImage({ ...order, image: bytes, strength }, work),
      )
    },
    async inpaint({ image, mask, strength, feather, ...params }, task, signal) {
      const [bytes, where] = await Promise.all([load(image), load(mask)])
      return drawEach(
        params,
        { task, signal },
        (order, work) => pipeline.inpaint({ ...order, image: bytes, mask: where, strength, feather }, work),
        { image, mask },
      )
    },
  }
}

/** The comparison, with what was compared. */
function certified(
  comparison: Comparison | undefined,
  image: ImageRef,
  mask: ImageRef,
): { certificate?: Certificate } {
  return comparison ? { certificate: { original: image.key, mask: mask.key, ...comparison } } : {}
}
