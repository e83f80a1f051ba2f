/** Tells what kind of file some bytes are by their first bytes, before any decoder sees them. */
import { ImageProblem } from './image-problem.ts'

export type ImageMediaType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/tiff' | 'image/bmp'

const signatures: { mediaType: ImageMediaType; starts: (head: string) => boolean }[] = [
  { mediaType: 'image/png', starts: (head) => head.startsWith('\x89PNG\r\n\x1a\n') },
  { mediaType: 'image/jpeg', starts: (head) => head.startsWith('\xff\xd8\xff') },
  { mediaType: 'image/webp', starts: (head) => head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' },
  { mediaType: 'image/tiff', starts: (head) => head.startsWith('II*\0') || head.startsWith('MM\0*') },
  { mediaType: 'image/bmp', starts: (head) => head.startsWith('BM') && head.slice(6, 10) === '\0\0\0\0' },
]

const otherTypes: { name: string; starts: (head: string) => boolean }[] = [
  { name: 'a GIF', starts: (head) => head.startsWith('GIF8') },
  {
    name: 'an SVG drawing',
    starts: (head) => /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg|<svg)/is.test(head),
  },
  {
    name: 'a HEIC or AVIF photo',
    starts: (head) => head.slice(4, 8) === 'ftyp' && /^(hei|hev|mif|msf|avi)/.test(head.slice(8, 11)),
  },
  { name: 'a JPEG XL picture', starts: (head) => head.startsWith('\xff\x0a') || head.slice(4, 8) === 'JXL ' },
  { name: 'a Photoshop file', starts: (head) => head.startsWith('8BPS') },
  { name: 'a PDF', starts: (head) => head.startsWith('%PDF') },
]

/**
 * The media type of a picture file.
 *
 * @throws ImageProblem 'not-an-image' or 'unsupported-type'.
 */
export function imageTypeOf(bytes: Uint8Array): ImageMediaType {
  const head = String.fromCharCode(...bytes.subarray(0, 256))
  const known = signatures.find((signature) => signature.starts(head))
  if (known) return known.mediaType
  const other = otherTypes.find((type) => type.starts(head))
  if (other) {
    throw new ImageProblem(
      'unsupported-type',
      `This file is ${other.name}, which cannot be read here. Save it as PNG or JPEG and try again.`,
    )
  }
  throw new ImageProblem(
    'not-an-image',
    bytes.length === 0
      ? 'This file is empty. Choose a PNG, JPEG, WebP, TIFF or BMP picture.'
      : 'This file is not a picture. Choose a PNG, JPEG, WebP, TIFF or BMP picture.',
  )
}
