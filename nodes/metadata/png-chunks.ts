/** PNG as a row of chunks: enough to read and write the texts in a file without touching one pixel of it. */
import { crc32 } from './crc32.ts'

/** A stretch of a PNG file; `data` is a view, not a copy. */
export interface PngChunk {
  type: string
  /** Where the chunk, its length included, begins in the file. */
  start: number
  /** One past its last byte. */
  end: number
  data: Uint8Array
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte)
}

/**
 * The chunks of a PNG file in their order, up to IEND or to where the file is cut off. Nothing is trusted: a length that
 * leads out of the file ends the walk. Checksums are for the reader of a chunk to check (`isWhole`).
 */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  if (!isPng(bytes)) return
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = signature.length; start + 12 <= bytes.length;) {
    const length = view.getUint32(start)
    const end = start + 12 + length
    if (end > bytes.length) return
    const type = String.fromCharCode(...bytes.subarray(start + 4, start + 8))
    yield { type, start, end, data: bytes.subarray(start + 8, end - 4) }
    if (type === 'IEND') return
    start = end
  }
}

/** Whether the chunk's bytes are those that were written, by its checksum. */
export function isWhole(bytes: Uint8Array, { start, end }: PngChunk): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(end - 4) === crc32(bytes.subarray(start + 4, end - 4))
}

/** A whole chunk: length, type, data, checksum. */
export function makeChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data.length + 12)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i)
  chunk.set(data, 8)
  view.setUint32(chunk.length - 4, crc32(chunk.subarray(4, chunk.length - 4)))
  return chunk
}
