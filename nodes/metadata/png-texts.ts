/** The texts in a PNG file: keyword → text, as tEXt (Latin-1) and iTXt (UTF-8) chunks have them. */
import { isPng, isWhole, makeChunk, pngChunks } from './png-chunks.ts'

/** More than any graph or prompt of ours takes; a text beyond it is left alone. */
export const mostTextBytes = 4 * 1024 * 1024
const mostTexts = 64

export interface PngTexts {
  texts: Map<string, string>
  /** Sentences about texts that are there and cannot be read. */
  notes: string[]
}

/**
 * Of two texts with one keyword the first counts. Compressed texts are not unpacked: a few bytes of them can become
 * gigabytes.
 */
export function readPngTexts(bytes: Uint8Array): PngTexts {
  const texts = new Map<string, string>()
  const notes: string[] = []
  for (const chunk of pngChunks(bytes)) {
    if (chunk.type !== 'tEXt' && chunk.type !== 'iTXt' && chunk.type !== 'zTXt') continue
    const { data, type } = chunk
    const keyword = latin1(data.subarray(0, Math.min(data.length, 80)), 0)
    if (keyword === null || keyword === '' || texts.has(keyword)) continue
    if (texts.size >= mostTexts) break
    if (type === 'zTXt' || (type === 'iTXt' && data[keyword.length + 1] === 1))
      notes.push(`The text "${shown(keyword)}" is compressed and was not read.`)
    else if (data.length > mostTextBytes)
      notes.push(`The text "${shown(keyword)}" is too long and was not read.`)
    else if (!isWhole(bytes, chunk)) notes.push(`The text "${shown(keyword)}" is damaged and was not read.`)
    else {
      const text =
        type === 'tEXt' ? latin1All(data.subarray(keyword.length + 1)) : international(data, keyword)
      if (text === null) notes.push(`The text "${shown(keyword)}" is damaged and was not read.`)
      else texts.set(keyword, text)
    }
  }
  return { texts, notes }
}

/**
 * A copy of the file that has these texts, before its pixels and instead of texts with the same keywords. Every other
 * byte stays. Plain letters are written as tEXt, which the oldest readers know; others as iTXt.
 *
 * @param texts keywords are Latin-1, 1 … 79 letters.
 * @throws Error when the bytes are no PNG file with pixels: only what was just written as one may be given.
 */
export function withPngTexts(
  bytes: Uint8Array,
  texts: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  if (!isPng(bytes)) throw new Error('Texts were to be written into a file that is no PNG.')
  const kept: Uint8Array[] = []
  let from = 0
  let pixels = -1
  for (const { type, start, end, data } of pngChunks(bytes)) {
    if (type === 'IDAT' && pixels < 0) {
      kept.push(bytes.subarray(from, start))
      pixels = kept.length
      from = start
    }
    const keyword = type.endsWith('Xt') ? latin1(data.subarray(0, Math.min(data.length, 80)), 0) : null
    if (keyword === null || !Object.hasOwn(texts, keyword)) continue
    kept.push(bytes.subarray(from, start))
    from = end
  }
  if (pixels < 0) throw new Error('Texts were to be written into a PNG file without pixels.')
  kept.push(bytes.subarray(from))
  const chunks = Object.entries(texts).map(([keyword, text]) => textChunk(keyword, text.replaceAll('\0', '')))
  return concatenate([...kept.slice(0, pixels), ...chunks, ...kept.slice(pixels)])
}

function textChunk(keyword: string, text: string): Uint8Array {
  // Control characters have no meaning in tEXt but for the line feed.
  const isPlain = /^[\n\x20-\x7e\xa1-\xff]*$/.test(text)
  if (isPlain) return makeChunk('tEXt', latin1Bytes(`${keyword}\0${text}`))
  // Keyword, not compressed, no language, no translated keyword.
  return makeChunk('iTXt', concatenate([latin1Bytes(`${keyword}\0\0\0\0\0`), new TextEncoder().encode(text)]))
}

/** After the keyword: a zero, compression flag and method, language, a zero, translated keyword, a zero, the text. */
function international(data: Uint8Array, keyword: string): string | null {
  const language = keyword.length + 3
  const translated = data.indexOf(0, language)
  const text = translated < 0 ? -1 : data.indexOf(0, translated + 1)
  if (text < 0) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data.subarray(text + 1))
  } catch {
    return null
  }
}

/** The letters up to the first zero; null when there is none. */
function latin1(bytes: Uint8Array, from: number): string | null {
  const end = bytes.indexOf(0, from)
  return end < 0 ? null : latin1All(bytes.subarray(from, end))
}

function latin1All(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)))
  return parts.join('')
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const shown = (keyword: string) => keyword.replace(/[^\x20-\x7e\xa1-\xff]/g, '?')
