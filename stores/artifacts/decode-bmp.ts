/** Reads Windows bitmaps, which inspection cameras still write and sharp does not read: uncompressed 8, 24 and 32 bits. */
import { ImageProblem } from './image-problem.ts'

interface BmpHeader {
  width: number
  height: number
  /** Rows from the top instead of from the bottom. */
  topDown: boolean
  bits: 8 | 24 | 32
  pixelsAt: number
  paletteAt: number
  paletteSize: number
}

/**
 * Size and layout from the first bytes; layout after Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER.
 *
 * @throws ImageProblem 'truncated' when the header is cut off, 'unsupported-type' for compressed or rare layouts.
 */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.length < 54) throw cutOff()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerSize = view.getUint32(14, true)
  const width = view.getInt32(18, true)
  const signedHeight = view.getInt32(22, true)
  const bits = view.getUint16(28, true)
  const compression = view.getUint32(30, true)
  const plain = compression === 0 || (compression === 3 && bits === 32)
  if (headerSize < 40 || !plain || (bits !== 8 && bits !== 24 && bits !== 32)) {
    throw new ImageProblem(
      'unsupported-type',
      'This BMP is compressed or of a rare kind that cannot be read here. Save it as PNG and try again.',
    )
  }
  const height = Math.abs(signedHeight)
  if (width < 1 || height < 1) throw cutOff()
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    pixelsAt: view.getUint32(10, true),
    paletteAt: 14 + headerSize,
    paletteSize: bits === 8 ? view.getUint32(46, true) || 256 : 0,
  }
}

/**
 * The pixels as R, G, B bytes from the top; a fourth byte per pixel is ignored, as most programs do.
 *
 * @throws ImageProblem as `readBmpHeader`, and 'truncated' when rows are missing.
 */
export function decodeBmp(bytes: Uint8Array): { width: number; height: number; data: Uint8Array } {
  const { width, height, topDown, bits, pixelsAt, paletteAt, paletteSize } = readBmpHeader(bytes)
  const stride = Math.ceil((width * bits) / 32) * 4
  if (pixelsAt + stride * height > bytes.length || paletteAt + paletteSize * 4 > bytes.length) throw cutOff()
  const data = new Uint8Array(width * height * 3)
  const step = bits / 8
  for (let y = 0; y < height; y++) {
    const row = pixelsAt + (topDown ? y : height - 1 - y) * stride
    for (let x = 0; x < width; x++) {
      const at = row + x * step
      const from = bits === 8 ? paletteAt + Math.min(bytes[at]!, paletteSize - 1) * 4 : at
      const to = (y * width + x) * 3
      data[to] = bytes[from + 2]!
      data[to + 1] = bytes[from + 1]!
      data[to + 2] = bytes[from]!
    }
  }
  return { width, height, data }
}

function cutOff(): ImageProblem {
  return new ImageProblem(
    'truncated',
    'This BMP is cut off or damaged. Copy or export it again and try once more.',
  )
}
