/** What a machine that makes pictures can do: files of pictures in, files of pictures out. It knows no Temporal. */
import type {
  Certificate,
  CleanUpMethod,
  DefectKind,
  DiffusionParams,
  MaskShape,
  SuggestedPrompts,
  SuggestOrder,
} from '@defect-studio/nodes'

/** A picture as a file. */
export interface Picture {
  bytes: Uint8Array
  mediaType: string
  /** Pixels. */
  width: number
  height: number
}

/** How a piece of work hears that it should stop, and says how far it is. */
export interface Work {
  signal: AbortSignal
  /** Step 0 … total of the work; `preview` is a small picture of how it looks so far, as a data URL. */
  onStep(step: number, total: number, preview?: string): void
}

/** What comparing a picture with its photo showed: a certificate but for the keys, which the pipeline does not know. */
export type Comparison = Omit<Certificate, 'original' | 'mask'>

/** What pictures are drawn from, one for each seed. How many are drawn at once changes none of them. */
export type DrawOrder = Omit<DiffusionParams, 'count' | 'batchSize' | 'seed'> & { seeds: number[] }

/** In the order of the seeds; a comparison where a mask said what may change. */
export interface DrawnPictures {
  pictures: { image: Picture; comparison?: Comparison }[]
  /** Sentences for the person who asked. */
  notes: string[]
}

export interface Drawn {
  image: Picture
  /** Sentences for the person who asked. */
  notes: string[]
  /** Where a mask said what may change. */
  comparison?: Comparison
}

/** Every function throws StudioError for what a person can mend, and its signal's reason when it is stopped. */
export interface InferencePipeline {
  makeMask(
    input: { width: number; height: number } & (
      | { mode: 'drawn'; drawn: Uint8Array }
      | { mode: 'random'; shape: MaskShape; size: number; count: number; seed: number }
    ),
    work: Work,
  ): Promise<Picture>
  drawDefect(
    input: {
      image: Uint8Array
      place?: Uint8Array
      kind: DefectKind
      size: number
      severity: number
      count: number
      seed: number
    },
    work: Work,
  ): Promise<{ image: Picture; mask: Picture }>
  cleanUp(
    input: { image: Uint8Array; mask: Uint8Array; seed: number } & CleanUpMethod,
    work: Work,
  ): Promise<Drawn>
  removeBackground(
    input: { image: Uint8Array; model: string; colour?: string },
    work: Work,
  ): Promise<{ image: Picture; mask: Picture }>
  suggestPrompts(input: SuggestOrder & { image: Uint8Array }, work: Work): Promise<SuggestedPrompts>
  upscale(input: { image: Uint8Array; model: string; factor: number }, work: Work): Promise<Picture>
  textToImage(input: DrawOrder & { width: number; height: number }, work: Work): Promise<DrawnPictures>
  imageToImage(input: DrawOrder & { image: Uint8Array; strength: number }, work: Work): Promise<DrawnPictures>
  inpaint(
    input: DrawOrder & { image: Uint8Array; mask: Uint8Array; strength: number; feather: number },
    work: Work,
  ): Promise<DrawnPictures>
}
