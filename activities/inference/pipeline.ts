/** What a machine that makes pictures can do: files of pictures in, files of pictures out. It knows no Temporal. */
import type { DefectKind, DiffusionParams, MaskShape } from '@defect-studio/nodes'

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
  /** Step 0 … total of the picture that is being made. */
  onStep(step: number, total: number): void
}

/** What one picture is drawn from; several are several calls. */
export type DrawOrder = Omit<DiffusionParams, 'count'>

export interface Drawn {
  image: Picture
  /** Sentences for the person who asked. */
  notes: string[]
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
    input: { image: Uint8Array; mask: Uint8Array; method: 'patch-match' | 'telea'; seed: number },
    work: Work,
  ): Promise<Picture>
  removeBackground(
    input: { image: Uint8Array; model: string },
    work: Work,
  ): Promise<{ image: Picture; mask: Picture }>
  textToImage(input: DrawOrder & { width: number; height: number }, work: Work): Promise<Drawn>
  imageToImage(input: DrawOrder & { image: Uint8Array; strength: number }, work: Work): Promise<Drawn>
  inpaint(
    input: DrawOrder & { image: Uint8Array; mask: Uint8Array; strength: number; feather: number },
    work: Work,
  ): Promise<Drawn>
}
