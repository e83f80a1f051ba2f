/** A pair of encoders that put pictures and phrases into one space, where close means that the phrase fits. */
import { stat } from 'node:fs/promises'
import { StudioError } from '@defect-studio/nodes'
import type { RgbImage } from '../images/raster.ts'
import { loadTokenizer, type Tokenizer } from '../pipeline/tokenizer.ts'
import { openSession, type OnnxSession, type ProviderConfig } from '../runtime/session.ts'
import type { Feed, Tensor, TensorSpec } from '../runtime/tensor.ts'
import { readImageTextFolder, type ImageTextFolder } from './image-text-folder.ts'
import type { PhraseList } from './phrase-list.ts'
import { preparePhoto } from './prepare-photo.ts'

/** A direction: a vector of length 1, so that the product of two is the cosine between them. */
export type Direction = Float32Array

export type DualEncoder = {
  readonly kind: 'image-text'
  readonly bytes: number
  readonly phrases: PhraseList | null
  readonly embedPhoto: (photo: RgbImage) => Promise<Direction>
  readonly embedTexts: (texts: readonly string[]) => Promise<Direction[]>
  /** Whether the text encoder reads all of the text. */
  readonly fits: (text: string) => boolean
  readonly dispose: () => Promise<void>
}

// Texts a call: enough to keep a device busy, small beside the weights.
const TEXTS_AT_ONCE = 32

/** @throws StudioError 'model-broken' when the folder, or what its graphs take and give, is not as expected. */
export async function loadDualEncoder(folder: string, provider: ProviderConfig): Promise<DualEncoder> {
  const parts = await readImageTextFolder(folder)
  const tokenizer = await loadTokenizer(folder).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new StudioError('model-broken', `The tokenizer of ${folder} cannot be used: ${why}`, {
      cause: error,
    })
  })
  const image = await openSession(parts.imageFile, provider)
  const text = parts.textFile === parts.imageFile ? image : await openSession(parts.textFile, provider)
  const dispose = async () => {
    await image.dispose()
    if (text !== image) await text.dispose()
  }
  try {
    const sizes = await Promise.all([...new Set([parts.imageFile, parts.textFile])].map((file) => stat(file)))
    return {
      kind: 'image-text',
      bytes: sizes.reduce((sum, { size }) => sum + size, 0),
      phrases: parts.phrases,
      embedPhoto: photoEmbedder(image, parts),
      embedTexts: textEmbedder(text, tokenizer, parts),
      fits: (words) => tokenizer.encode(words).length <= tokenizer.maxLength - 2,
      dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

function photoEmbedder(session: OnnxSession, { imageFile, preparation }: ImageTextFolder) {
  const output = outputOf(session, 'image_embeds', imageFile)
  pixelInput(session, imageFile)
  return async (photo: RgbImage): Promise<Direction> => {
    const prepared = await preparePhoto(photo, preparation)
    const feeds: Record<string, Feed> = {}
    // One graph with both encoders wants some text too; what it is changes nothing for the picture.
    for (const spec of session.inputs) feeds[spec.name] = isPixels(spec) ? prepared : someText(spec)
    return directions((await session.run(feeds, [output]))[output]!, 1, imageFile)[0]!
  }
}

function textEmbedder(
  session: OnnxSession,
  tokenizer: Tokenizer,
  { textFile, preparation }: ImageTextFolder,
) {
  const output = outputOf(session, 'text_embeds', textFile)
  const ids = session.inputs.find(isIds)
  if (!ids) throw refused(session, textFile, 'token ids')
  const [batch, length] = ids.shape
  const atOnce = typeof batch === 'number' && batch > 0 ? batch : TEXTS_AT_ONCE
  const fixedLength = typeof length === 'number' && length > 0 ? length : undefined
  const pad = tokenizer.frame([])[2] ?? 0

  return async (texts: readonly string[]): Promise<Direction[]> => {
    const out: Direction[] = []
    for (let at = 0; at < texts.length; at += atOnce) {
      const rows = texts.slice(at, at + atOnce).map((text) => {
        const own = tokenizer
          .encode(text)
          .slice(0, Math.min(tokenizer.maxLength, fixedLength ?? Infinity) - 2)
        return tokenizer.frame(own).slice(0, own.length + 2)
      })
      const count = rows.length
      if (typeof batch === 'number') while (rows.length < atOnce) rows.push(rows[0]!)
      // The encoder reads from left to right, so what comes after the end changes nothing: as short as possible.
      const wide = fixedLength ?? Math.max(...rows.map((row) => row.length))
      const feeds: Record<string, Feed> = {}
      for (const spec of session.inputs) {
        if (isPixels(spec)) feeds[spec.name] = somePixels(spec, preparation)
        else if (isIds(spec)) feeds[spec.name] = table(rows, wide, (row, i) => row[i] ?? pad)
        else if (spec.name.includes('mask'))
          feeds[spec.name] = table(rows, wide, (row, i) => (i < row.length ? 1 : 0))
        else if (spec.name.includes('position')) feeds[spec.name] = table(rows, wide, (_, i) => i)
        else throw refused(session, textFile, 'token ids and a mask')
      }
      out.push(
        ...directions((await session.run(feeds, [output]))[output]!, rows.length, textFile).slice(0, count),
      )
    }
    return out
  }
}

function table(rows: number[][], wide: number, value: (row: number[], i: number) => number): Feed {
  const data = rows.flatMap((row) => Array.from({ length: wide }, (_, i) => value(row, i)))
  return { data, shape: [rows.length, wide] }
}

const isPixels = (spec: TensorSpec) => spec.shape.length === 4
const isIds = (spec: TensorSpec) =>
  spec.shape.length === 2 && spec.name.includes('ids') && !spec.name.includes('position')

function pixelInput(session: OnnxSession, file: string): void {
  if (!session.inputs.some(isPixels)) throw refused(session, file, 'a picture [batch, 3, height, width]')
}

function someText({ shape }: TensorSpec): Feed {
  const sizes = [1, typeof shape[1] === 'number' && shape[1] > 0 ? shape[1] : 2]
  return { data: new Array<number>(sizes[1]!).fill(1), shape: sizes }
}

function somePixels({ shape }: TensorSpec, { size, crop_size, do_center_crop }: PhotoSides): Feed {
  const side = do_center_crop ? crop_size : size
  const [h, w] = typeof side === 'number' ? [side, side] : [side.height, side.width]
  const known = (given: number | string | undefined, other: number) =>
    typeof given === 'number' ? given : other
  const sizes = [1, 3, known(shape[2], h), known(shape[3], w)]
  return { data: new Float32Array(3 * sizes[2]! * sizes[3]!), shape: sizes }
}
type PhotoSides = Pick<ImageTextFolder['preparation'], 'size' | 'crop_size' | 'do_center_crop'>

/** By the name that exporters give it; else the only output with one vector for each input. */
function outputOf(session: OnnxSession, name: string, file: string): string {
  const named = session.outputs.find((spec) => spec.name === name)
  const vectors = session.outputs.filter((spec) => spec.shape.length === 2)
  const found = named ?? (vectors.length === 1 && session.outputs.length === 1 ? vectors[0] : undefined)
  if (!found) {
    const seen = session.outputs.map((spec) => spec.name).join(', ')
    throw new StudioError(
      'model-broken',
      `${file} gives ${seen}; "${name}" is needed. Export it with its projection (CLIPTextModelWithProjection, ` +
        'CLIPVisionModelWithProjection).',
    )
  }
  return found.name
}

function refused({ inputs }: OnnxSession, file: string, wanted: string): StudioError {
  const seen = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
  return new StudioError('model-broken', `${file} takes ${seen}; ${wanted} is expected.`)
}

function directions({ data, shape }: Tensor, count: number, file: string): Direction[] {
  const length = data.length / count
  if (!Number.isInteger(length) || length === 0 || !data.every(Number.isFinite)) {
    throw new StudioError(
      'model-broken',
      `${file} gave [${shape.join(', ')}] that is no vector for each input.`,
    )
  }
  return Array.from({ length: count }, (_, k) => {
    const own = data.slice(k * length, (k + 1) * length)
    const norm = Math.hypot(...own) || 1
    return own.map((value) => value / norm)
  })
}
