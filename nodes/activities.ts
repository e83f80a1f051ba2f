/** The contract between node code and the side effects behind it: types only. */
import type { Certificate, CollectionManifest, CollectionRef, ImageRef, Made } from './ports.ts'

/** Which piece of which run an activity works for: progress, logs and money keys are made from it. */
export interface TaskRef {
  runId: string
  nodeId: string
  /** 0-based place in the collection that the node maps over; 0 for a single item. */
  itemIndex: number
  itemName: string
}

export const defectKinds = ['scratch', 'crack', 'hole', 'stain', 'dent', 'rust', 'contamination'] as const
export type DefectKind = (typeof defectKinds)[number]

export const maskShapes = ['blob', 'stroke', 'ellipse', 'rectangle'] as const
export type MaskShape = (typeof maskShapes)[number]

/** 'DPM++ SDE' is the singlestep solver, as in diffusers' list of these names. */
export const samplers = [
  'DPM++ 2M',
  'DPM++ 2M Karras',
  'DPM++ 2M SDE',
  'DPM++ 2M SDE Karras',
  'DPM++ SDE',
  'DPM++ SDE Karras',
  'DPM2',
  'DPM2 Karras',
  'DPM2 a',
  'DPM2 a Karras',
  'Euler',
  'Euler a',
  'Heun',
  'LMS',
  'LMS Karras',
  'DDIM',
  'UniPC',
  'LCM',
] as const
export type Sampler = (typeof samplers)[number]

export interface DiffusionParams {
  model: string
  prompt: string
  negativePrompt: string
  steps: number
  guidanceScale: number
  sampler: Sampler
  /** 1 reads the text encoder's last layer, k the one k − 1 before it. */
  clipSkip?: number
  /** Seed of the first picture; picture k uses (seed + k) mod 2^32. */
  seed: number
  /** How many batches, one after the other. */
  count: number
  /** Pictures of one batch, drawn together where memory allows; 1 when absent. */
  batchSize?: number
}

/** How a marked place is filled; the last two need a model, the very last draws by chance. */
export type CleanUpMethod =
  | { method: 'patch-match' | 'telea' | 'navier-stokes' }
  | { method: 'lama'; model: string }
  | { method: 'diffusion'; model: string; prompt: string; steps: number }

/** How phrases become a prompt; what each means is clip-interrogator's. */
export const suggestModes = ['fast', 'classic', 'best', 'negative'] as const
export type SuggestMode = (typeof suggestModes)[number]

export interface SuggestOrder {
  model: string
  mode: SuggestMode
  /** What the prompt begins with; empty: what the model sees. */
  caption: string
  /** Phrases in the prompt at most. */
  count: number
  /** The person's own list as text; empty: the model's. */
  phrases: string
}

export interface SuggestedPrompts {
  prompt: string
  /** The phrases that fit best, the best first; `score` is a cosine, −1 … 1. */
  ranked: { category: string; phrase: string; score: number }[]
}

export interface GeneratedImages {
  /** `certificate` where a mask said what may change. */
  images: { image: ImageRef; seed: number; certificate?: Certificate }[]
  /** What people should know about the result, such as a prompt that was cut. */
  notes: string[]
}

/** Activities on the `io` queue: they reach the database and the stores. */
export interface IoActivities {
  listCollection(input: { collection: CollectionRef }): Promise<CollectionManifest>
  saveToGallery(input: {
    image: ImageRef
    mask?: ImageRef
    name: string
    made?: Made
  }): Promise<{ imageId: string; image: ImageRef }>
}

/** Activities on the `gpu` queue: they hold pixels and models, and reach the studio through the API alone. */
export interface InferenceActivities {
  makeMask(
    input: { width: number; height: number } & (
      | { mode: 'drawn'; drawn: ImageRef }
      | { mode: 'random'; shape: MaskShape; size: number; count: number; seed: number }
    ),
  ): Promise<{ mask: ImageRef }>
  drawDefect(input: {
    image: ImageRef
    place?: ImageRef
    kind: DefectKind
    size: number
    severity: number
    count: number
    seed: number
  }): Promise<{ image: ImageRef; mask: ImageRef }>
  /** No `certificate` or `notes` in what workers of before gave, which runs of before hold. */
  cleanUp(
    input: { image: ImageRef; mask: ImageRef; seed: number } & CleanUpMethod,
  ): Promise<{ image: ImageRef; certificate?: Certificate; notes?: string[] }>
  /** Transparent where nothing is left, or on `colour` (#rrggbb). */
  removeBackground(input: {
    image: ImageRef
    model: string
    colour?: string
  }): Promise<{ image: ImageRef; mask: ImageRef }>
  suggestPrompts(input: SuggestOrder & { image: ImageRef }): Promise<SuggestedPrompts>
  /** `factor` times as wide and as tall. */
  upscale(input: { image: ImageRef; model: string; factor: number }): Promise<{ image: ImageRef }>
  textToImage(input: DiffusionParams & { width: number; height: number }): Promise<GeneratedImages>
  imageToImage(input: DiffusionParams & { image: ImageRef; strength: number }): Promise<GeneratedImages>
  inpaint(
    input: DiffusionParams & { image: ImageRef; mask: ImageRef; strength: number; feather: number },
  ): Promise<GeneratedImages>
}

/** What a node's `run` may call. In a workflow these are proxies that know their queue, timeouts and retries. */
export type Activities = IoActivities & InferenceActivities

/** The same functions as a worker registers them: the interpreter adds whom the work is for. */
export type WithTask<A> = {
  [K in keyof A]: A[K] extends (input: infer I) => infer R ? (input: I, task: TaskRef) => R : never
}
