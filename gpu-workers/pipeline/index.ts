/** The room's one door to its models: pictures in, pictures out; which sessions are loaded is nobody else's concern. */
import { StudioError, type Sampler } from '@defect-studio/nodes'
import { fillByModel, loadFillModel, type FillModel } from '../clean-up/fill-by-model.ts'
import { cropImage } from '../images/pixel-box.ts'
import { loadDualEncoder, type DualEncoder } from '../image-text/dual-encoder.ts'
import { createEmbeddingShelf } from '../image-text/embedding-shelf.ts'
import { suggestPrompts, type SuggestOrder, type Suggestion } from '../image-text/suggest-prompts.ts'
import type { GrayMask, RgbaImage, RgbImage } from '../images/raster.ts'
import { resizeImage } from '../images/resize-image.ts'
import { loadMattingModel, type MattingModel } from '../matting/matting-model.ts'
import { removeBackground, type CutOut } from '../matting/remove-background.ts'
import type { ProviderConfig } from '../runtime/session.ts'
import { createSessionCache } from '../runtime/session-cache.ts'
import type { Watched } from '../super-resolution/enlarge-tiles.ts'
import {
  loadSuperResolutionModel,
  type SuperResolutionModel,
} from '../super-resolution/super-resolution-model.ts'
import { upscale } from '../super-resolution/upscale.ts'
import { loadDiffusionModel, type DiffusionModel } from './diffusion-model.ts'
import type { OnStep } from './denoise.ts'
import { requireRange, stepsToMake, type DrawingRequest } from './drawing.ts'
import { imageToImage } from './image-to-image.ts'
import { inpaintRegion, type InpaintedPhoto } from './inpaint-region.ts'
import { nativeSide, pixelMultiple } from './model-folder.ts'
import { createModelShelf, type ModelFolders, type ModelList } from './models.ts'
import { middleBox } from './paste.ts'
import { toRgbImage } from './pixel-planes.ts'
import { textToImage } from './text-to-image.ts'
import { coveringSize, workingSize } from './working-size.ts'

export type { OnStep } from './denoise.ts'
export type { InstalledModel, ModelList } from './models.ts'

export type PipelineOptions = ModelFolders &
  ProviderConfig & {
    /**
     * Memory in MiB that models may take on the device. ONNX Runtime's Node binding cannot cap CUDA's own arena, so this
     * governs how many models stay loaded: half of it may be weights, the rest is for what they compute.
     */
    memoryLimitMb?: number | undefined
  }

/** What every diffusion tool is told: one picture a call. */
export type DiffusionCall = {
  /** An id from `listModels`. */
  model: string
  prompt: string
  negativePrompt: string
  /** 1 … 150. */
  steps: number
  /** 1 (off) … 20. */
  guidanceScale: number
  sampler: Sampler
  /** 1 (the last layer of the text encoder, also when absent) … 12. */
  clipSkip?: number | undefined
  /** 0 … 2^32 − 1. */
  seed: number
  onStep?: OnStep | undefined
  /** Checked between steps. */
  signal?: AbortSignal | undefined
}

/** `notes` are sentences for the person who asked. */
export type Drawn = { image: RgbImage; notes: string[] }

export type Pipeline = {
  /** @param call width and height are multiples of 8; the picture has exactly that size. */
  readonly textToImage: (call: DiffusionCall & { width: number; height: number }) => Promise<Drawn>
  /** The result has the photo's size; `strength` is 0 … 1. */
  readonly imageToImage: (call: DiffusionCall & { image: RgbImage; strength: number }) => Promise<Drawn>
  /** Outside the mask every pixel stays; `feather` is a soft edge in pixels, inside the mask. */
  readonly inpaint: (
    call: DiffusionCall & { image: RgbImage; mask: GrayMask; strength: number; feather: number },
  ) => Promise<InpaintedPhoto & { notes: string[] }>
  readonly removeBackground: (call: { model: string; image: RgbImage }) => Promise<CutOut>
  /** The white places filled by a model of the kind 'clean-up'; `onProgress` is told the part that is done, 0 … 1. */
  readonly fillHoles: (call: {
    model: string
    image: RgbImage
    mask: GrayMask
    signal?: AbortSignal | undefined
    onProgress?: ((part: number) => void) | undefined
  }) => Promise<RgbImage>
  /** Which phrases fit the photo, and a prompt made of them. */
  readonly suggestPrompts: (call: SuggestOrder & { model: string; image: RgbImage }) => Promise<Suggestion>
  /** The photo `factor` times as large in each direction; `onStep` is told after each piece. */
  readonly upscale: (
    call: Watched & { model: string; image: RgbaImage; factor: number },
  ) => Promise<RgbaImage>
  readonly listModels: () => Promise<ModelList>
  /** Which models are loaded now, and how much they weigh. */
  readonly loaded: () => { key: string; bytes: number; inUse: number }[]
  readonly dispose: () => Promise<void>
}

// Weights take about what they take on disk; 8 GiB keeps two Stable Diffusion checkpoints in single precision.
const DEFAULT_WEIGHT_BYTES = 8 * 2 ** 30
// 2048 × 2048: what the nodes allow at most.
const MOST_PIXELS = 2048 ** 2

/**
 * Loads models when they are first needed. All tools throw StudioError: 'model-missing', 'model-broken',
 * 'invalid-input', 'size-mismatch', 'out-of-memory' or 'provider-unavailable', each saying what to do; an aborted call
 * throws its signal's reason.
 */
export function createPipeline(options: PipelineOptions): Pipeline {
  const shelf = createModelShelf(options)
  const cache = createSessionCache<Loaded>(weightBudget(options.memoryLimitMb))
  const embeddings = createEmbeddingShelf()

  async function withModel<K extends Loaded['kind'], T>(
    id: string,
    kind: K,
    use: (model: Extract<Loaded, { kind: K }>, digest: string) => Promise<T>,
  ): Promise<T> {
    const { folder, digest } = await shelf.find(id, kind)
    // The digest is part of the key, so that a model that was replaced on disk is loaded anew.
    const lease = await cache.acquire(`${folder} ${digest}`, () => modelLoaders[kind](folder, options))
    try {
      if (!isKind(lease.value, kind))
        throw new Error(`${folder} was loaded as ${lease.value.kind}, not as ${kind}`)
      return await use(lease.value, digest)
    } finally {
      lease.release()
    }
  }

  return {
    textToImage: (call) =>
      withModel(call.model, 'diffusion', async (model) => {
        checkSize(call)
        const size = coveringSize(call, pixelMultiple(model.folder))
        const { pictures, notes } = await textToImage(model, toRequest(call), size)
        return { image: cropImage(toRgbImage(pictures[0]!), middleBox(size, call)), notes }
      }),
    imageToImage: (call) =>
      withModel(call.model, 'diffusion', async (model) => {
        if (stepsToMake(call.steps, call.strength) === 0) return { image: call.image, notes: [tooWeak(call)] }
        const size = workingSize(call.image, limits(model))
        const image = await resizeImage(call.image, size.width, size.height)
        const { pictures, notes } = await imageToImage(model, {
          ...toRequest(call),
          image,
          strength: call.strength,
        })
        return {
          image: await resizeImage(toRgbImage(pictures[0]!), call.image.width, call.image.height),
          notes,
        }
      }),
    inpaint: (call) =>
      withModel(call.model, 'diffusion', async (model) => {
        if (stepsToMake(call.steps, call.strength) === 0) {
          return { image: call.image, changedOutside: 0, notes: [tooWeak(call)] }
        }
        const { image, mask, strength, feather } = call
        const { photos, notes } = await inpaintRegion(model, {
          ...toRequest(call),
          image,
          mask,
          strength,
          feather,
        })
        return { ...photos[0]!, notes }
      }),
    removeBackground: ({ model, image }) =>
      withModel(model, 'matting', (matting) => removeBackground(matting, image)),
    fillHoles: ({ model, ...call }) => withModel(model, 'clean-up', (fill) => fillByModel(fill, call)),
    suggestPrompts: ({ model, image, ...order }) =>
      withModel(model, 'image-text', (encoder, digest) =>
        suggestPrompts(encoder, digest, embeddings, image, order),
      ),
    upscale: ({ model, image, factor, ...watched }) =>
      withModel(model, 'super-resolution', (net) => upscale(net, image, factor, watched)),
    listModels: shelf.list,
    loaded: cache.state,
    dispose: cache.dispose,
  }
}

function weightBudget(memoryLimitMb: number | undefined): number {
  return memoryLimitMb === undefined ? DEFAULT_WEIGHT_BYTES : (memoryLimitMb * 2 ** 20) / 2
}

type Loaded = DiffusionModel | MattingModel | FillModel | DualEncoder | SuperResolutionModel

/** How a folder of each kind is loaded; a model that cannot be loaded throws StudioError. */
export const modelLoaders: Record<
  Loaded['kind'],
  (folder: string, options: ProviderConfig) => Promise<Loaded>
> = {
  diffusion: loadDiffusionModel,
  matting: loadMattingModel,
  'clean-up': loadFillModel,
  'image-text': loadDualEncoder,
  'super-resolution': loadSuperResolutionModel,
}

function isKind<K extends Loaded['kind']>(model: Loaded, kind: K): model is Extract<Loaded, { kind: K }> {
  return model.kind === kind
}

function limits({ folder }: DiffusionModel) {
  return { multiple: pixelMultiple(folder), nativeSide: nativeSide(folder) }
}

function toRequest({ seed, ...call }: DiffusionCall): DrawingRequest {
  const { prompt, negativePrompt, steps, guidanceScale, sampler, clipSkip, onStep, signal } = call
  return { prompt, negativePrompt, steps, guidanceScale, sampler, clipSkip, seeds: [seed], onStep, signal }
}

function checkSize({ width, height }: { width: number; height: number }): void {
  for (const [name, side] of [
    ['Width', width],
    ['Height', height],
  ] as const) {
    requireRange(name, side, 8, MOST_PIXELS, true)
    if (side % 8 !== 0)
      throw new StudioError('invalid-input', `${name} must be a multiple of 8; it is ${side}.`)
  }
  if (width * height > MOST_PIXELS) {
    throw new StudioError(
      'invalid-input',
      `${width} × ${height} is too large: at most ${MOST_PIXELS} pixels are drawn.`,
    )
  }
}

function tooWeak({ strength, steps }: { strength: number; steps: number }): string {
  return `Strength ${strength} of ${steps} steps leaves no step to make: the picture is unchanged.`
}
