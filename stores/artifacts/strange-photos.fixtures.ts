/** Photos of every kind that people have, for the tests of all that read them: one picture, saved in many ways. */
import sharp, { type Sharp } from 'sharp'

/** Left half and right half of the picture, sRGB. */
export const halves = { left: [200, 60, 40], right: [40, 90, 180] } as const
export const size = { width: 48, height: 32 } as const

export interface StrangePhoto {
  kind: string
  make: () => Promise<Buffer>
  mediaType: string
  width: number
  height: number
  /** How far a channel of the colours may be from `halves`; absent for what is grey. */
  within?: number
}

function picture(): Sharp {
  const data = Buffer.alloc(size.width * size.height * 3)
  for (let i = 0; i < size.width * size.height; i++)
    data.set(i % size.width < 24 ? halves.left : halves.right, i * 3)
  return sharp(data, { raw: { ...size, channels: 3 } })
}

/** The same picture with a hole in its middle. */
async function withHole(): Promise<Sharp> {
  const alpha = Buffer.alloc(size.width * size.height, 255)
  for (let y = 8; y < 24; y++) alpha.fill(0, y * 48 + 16, y * 48 + 32)
  return sharp(
    await picture()
      .joinChannel(alpha, { raw: { ...size, channels: 1 } })
      .png()
      .toBuffer(),
  )
}

const inTwo = async () =>
  sharp([await picture().png().toBuffer(), await picture().negate().png().toBuffer()], {
    join: { animated: true },
  })

/** A camera on its side writes the pixels as they lie, and how the picture is to be turned. */
function turned(orientation: number): StrangePhoto {
  const undo = [0, 0, 0, 180, 0, 0, 270, 0, 90][orientation] ?? 0
  return {
    kind: `EXIF orientation ${orientation}`,
    make: async () => {
      const lying = await picture().rotate(undo).png().toBuffer()
      return sharp(lying)
        .withMetadata({ orientation })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer()
    },
    mediaType: 'image/jpeg',
    ...size,
    within: 8,
  }
}

const kinds: [kind: string, type: string, within: number | undefined, make: () => Promise<Buffer>][] = [
  [
    'progressive JPEG',
    'jpeg',
    8,
    () => picture().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
  ],
  ['grey JPEG', 'jpeg', undefined, () => picture().toColourspace('b-w').jpeg().toBuffer()],
  ['16-bit grey PNG', 'png', undefined, () => picture().toColourspace('grey16').png().toBuffer()],
  ['16-bit PNG', 'png', 1, () => picture().toColourspace('rgb16').png().toBuffer()],
  ['16-bit TIFF', 'tiff', 1, () => picture().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer()],
  ['Lab TIFF', 'tiff', 3, () => picture().toColourspace('lab').tiff({ compression: 'none' }).toBuffer()],
  ['interlaced PNG', 'png', 0, () => picture().png({ progressive: true }).toBuffer()],
  ['palette PNG', 'png', 4, () => picture().png({ palette: true, colours: 4 }).toBuffer()],
  [
    'palette PNG with a transparent colour',
    'png',
    4,
    async () => (await withHole()).png({ palette: true }).toBuffer(),
  ],
  ['transparent PNG', 'png', 0, async () => (await withHole()).png().toBuffer()],
  ['transparent WebP', 'webp', 3, async () => (await withHole()).webp({ lossless: true }).toBuffer()],
  [
    'grey PNG with alpha',
    'png',
    undefined,
    async () => (await withHole()).toColourspace('b-w').png().toBuffer(),
  ],
  // Inks cannot show what a screen can.
  ['CMYK JPEG', 'jpeg', 40, () => picture().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer()],
  ['CMYK TIFF', 'tiff', 40, () => picture().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer()],
  ['Display P3 profile', 'png', 2, () => picture().withIccProfile('p3').png().toBuffer()],
  ['animated WebP', 'webp', 4, async () => (await inTwo()).webp({ lossless: true }).toBuffer()],
  ['two-page TIFF', 'tiff', 0, async () => (await inTwo()).tiff({ compression: 'lzw' }).toBuffer()],
]

/** Every one of them is read: upright, 8-bit sRGB, its first picture. */
export const strangePhotos: StrangePhoto[] = [
  ...kinds.map(([kind, type, within, make]) => {
    return { kind, make, mediaType: `image/${type}`, ...size, ...(within === undefined ? {} : { within }) }
  }),
  ...[1, 3, 6, 8].map(turned),
]

/** None of them is read. */
export const refusedFiles: { kind: string; make: () => Promise<Buffer>; code: string }[] = [
  { kind: 'a GIF', make: () => picture().gif().toBuffer(), code: 'unsupported-type' },
  { kind: 'an animated GIF', make: async () => (await inTwo()).gif().toBuffer(), code: 'unsupported-type' },
  { kind: 'an AVIF', make: () => picture().avif().toBuffer(), code: 'unsupported-type' },
  { kind: 'no byte at all', make: async () => Buffer.alloc(0), code: 'not-an-image' },
  { kind: 'a text named .jpg', make: async () => Buffer.from('a text'), code: 'not-an-image' },
  {
    kind: 'a JPEG cut in half',
    make: async () => half(await picture().jpeg().toBuffer()),
    code: 'truncated',
  },
  { kind: 'a PNG cut in half', make: async () => half(await picture().png().toBuffer()), code: 'truncated' },
  {
    kind: 'a TIFF cut in half',
    make: async () => half(await picture().tiff().toBuffer()),
    code: 'truncated',
  },
  {
    kind: '100 megapixels in 54 bytes',
    make: async () => bitmapHeader(10_000, 10_000),
    code: 'too-many-pixels',
  },
]

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)

/** A bitmap that is nothing but the promise of its size. */
function bitmapHeader(width: number, height: number): Buffer {
  const file = Buffer.alloc(54)
  file.write('BM', 0, 'latin1')
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  return file
}
