/** The room's one door to its models: pictures in, pictures out; which sessions are loaded is nobody else's concern. */
import { fillByModel, loadFillModel, type FillModel } from '../clean-up/fill-by-model.ts'
import { loadDualEncoder, type DualEncoder } from '../image-text/dual-encoder.ts'
import { createEmbeddingShelf } from '../image-text/embedding-shelf.ts'
import { suggestPrompts, type SuggestOrder, type Suggestion } from '../image-text/suggest-prompts.ts'
import type { GrayMask, RgbaImage, RgbImage } from '../images/raster.ts'
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
import { createDiffusionTools, type DiffusionTools } from './diffusion-tools.ts'
import { freeMemory } from './free-memory.ts'
import { pixelMultiple } from './model-folder.ts'
import { createModelShelf, type ModelFolders, type ModelList } from './models.ts'

export type { OnStep } from './denoise.ts'
export type { DiffusionCall, Drawn } from './diffusion-tools.ts'
export type { InstalledModel, ModelList } from './models.ts'

export type PipelineOptions = ModelFolders &
  ProviderConfig & {
    /**
     * Memory in MiB that models may take on the device. ONNX Runtime's Node binding passes no cap to CUDA's own arena, so
     * this governs what is asked of the device: half of it may be weights that stay loaded, and what the loaded ones leave
     * decides how many pictures are drawn at once.
     */
    memoryLimitMb?: number | undefined
  }

/** A model that is in memory now. */
export type LoadedModel = {
  id: string
  bytes: number
  /** Pictures that are being made with it. */
  inUse: number
}

export type Pipeline = DiffusionTools & {
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
  /**
   * Loads the model; one for diffusion also draws its smallest picture in one step, which lets a device set itself up.
   *
   * @throws StudioError as the tools do.
   */
  readonly warmUp: (model: string, signal?: AbortSignal) => Promise<void>
  /** Which models are loaded now, the most recently used last. */
  readonly loaded: () => LoadedModel[]
  readonly dispose: () => Promise<void>
}

// Weights take about what they take on disk; 8 GiB keeps two Stable Diffusion checkpoints in single precision.
const DEFAULT_WEIGHT_BYTES = 8 * 2 ** 30

/**
 * Loads models when they are first needed. All tools throw StudioError: 'model-missing', 'model-broken',
 * 'invalid-input', 'size-mismatch', 'out-of-memory' or 'provider-unavailable', each saying what to do; an aborted call
 * throws its signal's reason.
 */
export function createPipeline(options: PipelineOptions): Pipeline {
  const shelf = createModelShelf(options)
  const cache = createSessionCache<Loaded>(weightBudget(options.memoryLimitMb))
  const ids = new Map<string, string>()
  const embeddings = createEmbeddingShelf()

  async function withModel<K extends Loaded['kind'], T>(
    id: string,
    kind: K,
    use: (model: Extract<Loaded, { kind: K }>, digest: string) => Promise<T>,
  ): Promise<T> {
    const { folder, digest } = await shelf.find(id, kind)
    // The digest is part of the key, so that a model that was replaced on disk is loaded anew.
    const key = `${folder} ${digest}`
    ids.set(key, id)
    const lease = await cache.acquire(key, () => modelLoaders[kind](folder, options))
    try {
      if (!isKind(lease.value, kind))
        throw new Error(`${folder} was loaded as ${lease.value.kind}, not as ${kind}`)
      return await use(lease.value, digest)
    } finally {
      lease.release()
    }
  }

  const diffusion = createDiffusionTools({
    withModel: (id, use) => withModel(id, 'diffusion', use),
    freeBytes: () => freeMemory(options, options.memoryLimitMb, cache.bytes()),
    makeRoom: () => cache.letGo(0),
  })

  /** The last list may not have a model that was added meanwhile; its load failed already then. */
  async function warmUp(id: string, signal?: AbortSignal): Promise<void> {
    const kind = (await shelf.list()).models.find((model) => model.id === id)?.kind ?? 'diffusion'
    if (kind !== 'diffusion') return withModel(id, kind, async () => {})
    const side = await withModel(id, kind, async ({ folder }) => pixelMultiple(folder))
    const size = { width: Math.ceil(side / 8) * 8, height: Math.ceil(side / 8) * 8 }
    const few = { prompt: '', negativePrompt: '', steps: 1, guidanceScale: 1, sampler: 'Euler' } as const
    await diffusion.textToImage({ model: id, ...few, ...size, seeds: [0], signal })
  }

  return {
    ...diffusion,
    warmUp,
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
    loaded: () => cache.state().map(({ key, bytes, inUse }) => ({ id: ids.get(key) ?? key, bytes, inUse })),
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
