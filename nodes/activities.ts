/** The contract between node code and the side effects behind it: types only. */
import type { FailureType } from './failures.ts'
import type { JsonValue } from './json-value.ts'
import type { Certificate, CollectionRef, ImageRef, Made } from './ports.ts'

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

/** Where a picture outside the studio lies. Written by the API when the run is planned, checked against the allowed roots. */
export type PictureSource =
  | { kind: 'folder'; root: string; path: string }
  | { kind: 's3'; bucket: string; key: string; etag?: string | undefined }

/** Lists of pictures, paired by name, and lists of what is to be done with each of them, paired by name. */
export interface CombinedLists {
  pictures: { image: CollectionRef; mask?: CollectionRef }
  points: Partial<Record<'prompt' | 'seed' | 'strength' | 'guidance' | 'steps', CollectionRef>>
}
/** A list for each that was given; none where nothing of it was left. */
export type CombinedCollections = Partial<
  Record<keyof CombinedLists['pictures'] | keyof CombinedLists['points'], CollectionRef>
>

/** Activities on the `io` queue: they reach the database, the stores and the world. */
export interface IoActivities {
  /** Brings a picture from outside into the store: decoded before it is trusted, limited by bytes and pixels. */
  importPicture(input: { source: PictureSource; name: string }): Promise<{ image: ImageRef }>
  saveToGallery(input: {
    image: ImageRef
    mask?: ImageRef
    name: string
    made?: Made
  }): Promise<{ imageId: string; image: ImageRef }>
  /** One list after the other; a name that comes again gets a number. */
  mergeCollections(input: { collections: CollectionRef[] }): Promise<{ collection: CollectionRef }>
  /** Every picture with every point, in lists that pair by name: `part.png` and `grid-0003` give `part grid-0003.png`. */
  combineCollections(input: CombinedLists): Promise<{ collections: CombinedCollections }>
  /** `count` items from `from` on, or every item when there are fewer; null when none is left. */
  limitCollection(input: {
    collection: CollectionRef
    from: number
    count: number
  }): Promise<{ collection: CollectionRef | null }>
  /** Opens the page on which people accept or reject; the run waits for its `reviewed` message. */
  openReview(input: {
    collection: CollectionRef
    title: string
    question: string
    reviewers: string[]
  }): Promise<{ reviewId: string }>
  /** What was decided. Null: not yet. */
  readReview(input: { reviewId: string }): Promise<{
    accepted: CollectionRef | null
    rejected: CollectionRef | null
  } | null>
  /** Reminds those who have not decided, once for each `round`. */
  remindReviewers(input: { reviewId: string; round: number }): Promise<void>
  /** Writes a mail into the outbox, once for the task. */
  notify(input: { to: string[]; subject: string; text: string; collection?: CollectionRef }): Promise<void>
  /** Sends a signed request; tries again by the task's retry policy. Private addresses are refused unless allowed. */
  callWebhook(input: { url: string; secretName: string | null; body: JsonValue }): Promise<{ status: number }>
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

export type ActivityName = keyof Activities

/** One call of an activity, as it travels: several go to a worker together. */
export interface ActivityCall {
  name: ActivityName
  input: unknown
  task: TaskRef
}

export type CallEnd =
  | { ok: true; value: unknown }
  /** `again`: trying again may mend it. */
  | { ok: false; failure: { type: FailureType; message: string }; again: boolean }

/**
 * The one activity of the `io`, `gpu` and `gpu-<serverId>` queues: does its calls one after the other (`io`: several at
 * once) and says how each ended. A single call that fails fails the activity, so that Temporal tries it again; of
 * several each has its own end, and the caller tries those that failed again alone. When it is cancelled between two
 * calls, `ends` holds what was done; it may be shorter than `calls`.
 */
export interface CallActivities {
  runCalls(input: { calls: ActivityCall[] }): Promise<{
    worker: string
    ends: CallEnd[]
    /** Milliseconds that the calls took together, without waiting for the device. */
    ms?: number
  }>
}
