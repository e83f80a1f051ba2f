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
import { duringWork } from './during-work.ts'
import type { Comparison, DrawnPictures, DrawOrder, InferencePipeline, Picture, Work } from './pipeline.ts'
import { createProgress, type ReportProgress } from './progress.ts'

export interface InferenceDependencies {
  pipeline: InferencePipeline
  artifacts: Pick<ArtifactStore, 'get' | 'put'>
  reportProgress: ReportProgress
  /** Milliseconds that only grow. */
  clock?: { now(): number }
  /** Lets one piece of work at a time onto the device; loading and storing go on beside it. */
  exclusive?: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>
}

export function createInferenceActivities({
  pipeline,
  artifacts,
  reportProgress,
  clock = performance,
  exclusive = (work) => work(),
}: InferenceDependencies): WithTask<InferenceActivities> {
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
    task: TaskRef,
    draw: (order: DrawOrder, work: Work) => Promise<DrawnPictures>,
    masked?: { image: ImageRef; mask: ImageRef },
  ): Promise<GeneratedImages> {
    const progress = createProgress(task, reportProgress, () => clock.now())
    return duringWork(async (signal) => {
      const images: GeneratedImages['images'] = []
      const notes = new Set<string>()
      for (let k = 0; k < count; k++) {
        const seeds = Array.from({ length: batchSize }, (_, i) => seedPlus(seed, k * batchSize + i))
        const onStep: Work['onStep'] = (step, total, preview) =>
          progress(k * total + step, count * total, preview)
        const drawn = await exclusive(() => draw({ ...order, seeds }, { signal, onStep }), signal)
        for (const [i, { image, comparison }] of drawn.pictures.entries()) {
          const proof = masked ? certified(comparison, masked.image, masked.mask) : {}
          images.push({ image: await store(image), seed: seeds[i] ?? seed, ...proof })
        }
        for (const note of drawn.notes) notes.add(note)
      }
      return { images, notes: [...notes] }
    })
  }

  /** @param prepare loads what is needed and returns the work for the device. */
  function once<T>(task: TaskRef, prepare: () => Promise<(work: Work) => Promise<T>>): Promise<T> {
    const onStep = createProgress(task, reportProgress, () => clock.now())
    return duringWork(async (signal) => {
      const work = await prepare()
      return exclusive(() => work({ signal, onStep }), signal)
    })
  }

  return {
    async makeMask(input, task) {
      const mask = await once(task, async () => {
        if (input.mode === 'random') return (work) => pipeline.makeMask(input, work)
        const drawn = await load(input.drawn)
        return (work) => pipeline.makeMask({ ...input, drawn }, work)
      })
      return { mask: await store(mask) }
    },
    async drawDefect({ image, place, ...rest }, task) {
      const made = await once(task, async () => {
        const [bytes, where] = await Promise.all([load(image), loadIf(place)])
        return (work) =>
          pipeline.drawDefect({ ...rest, image: bytes, ...(where ? { place: where } : {}) }, work)
      })
      return storeBoth(made)
    },
    async cleanUp({ image, mask, ...rest }, task) {
      const {
        image: cleaned,
        notes,
        comparison,
      } = await once(task, async () => {
        const [bytes, where] = await Promise.all([load(image), load(mask)])
        return (work) => pipeline.cleanUp({ ...rest, image: bytes, mask: where }, work)
      })
      return { image: await store(cleaned), notes, ...certified(comparison, image, mask) }
    },
    async removeBackground({ image, ...rest }, task) {
      const cut = await once(task, async () => {
        const bytes = await load(image)
        return (work) => pipeline.removeBackground({ ...rest, image: bytes }, work)
      })
      return storeBoth(cut)
    },
    suggestPrompts: ({ image, ...order }, task) =>
      once(task, async () => {
        const bytes = await load(image)
        return (work) => pipeline.suggestPrompts({ ...order, image: bytes }, work)
      }),
    async upscale({ image, ...rest }, task) {
      const large = await once(task, async () => {
        const bytes = await load(image)
        return (work) => pipeline.upscale({ ...rest, image: bytes }, work)
      })
      return { image: await store(large) }
    },
    textToImage: ({ width, height, ...params }, task) =>
      drawEach(params, task, (order, work) => pipeline.textToImage({ ...order, width, height }, work)),
    async imageToImage({ image, strength, ...params }, task) {
      const bytes = await load(image)
      return drawEach(params, task, (order, work) =>
        pipeline.imageToImage({ ...order, image: bytes, strength }, work),
      )
    },
    async inpaint({ image, mask, strength, feather, ...params }, task) {
      const [bytes, where] = await Promise.all([load(image), load(mask)])
      return drawEach(
        params,
        task,
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
