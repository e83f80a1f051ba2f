/** Texts in and out of real PNG files, and files that lie. */
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { crc32 } from './crc32.ts'
import { makeChunk, pngChunks } from './png-chunks.ts'
import { readPngTexts, withPngTexts } from './png-texts.ts'

const pixels = { width: 40, height: 30, channels: 3 as const, background: '#a05030' }
const png = new Uint8Array(await sharp({ create: pixels }).png().toBuffer())
const typesOf = (file: Uint8Array) => [...pngChunks(file)].map(({ type }) => type)
const pixelChunks = (file: Uint8Array) =>
  [...pngChunks(file)]
    .filter(({ type }) => type === 'IDAT')
    .map(({ data }) => Buffer.from(data).toString('hex'))

describe('texts in PNG files', () => {
  it('come back as they were written, and other readers find them', async () => {
    const texts = { parameters: 'steel\nSteps: 2', 'defect-studio': '{"prompt":"강철 🔩 é"}' }
    const file = withPngTexts(png, texts)
    expect(Object.fromEntries(readPngTexts(file).texts)).toEqual(texts)
    const { comments } = await sharp(file).metadata()
    expect(comments).toEqual(Object.entries(texts).map(([keyword, text]) => ({ keyword, text })))
  })

  it('leave every other byte where it was', async () => {
    const file = withPngTexts(png, { a: 'x' })
    expect(typesOf(file).filter((type) => type !== 'tEXt')).toEqual(typesOf(png))
    expect(pixelChunks(file)).toEqual(pixelChunks(png))
    expect(await sharp(file).raw().toBuffer()).toEqual(await sharp(png).raw().toBuffer())
    expect(file.length).toBe(png.length + 12 + 'a\0x'.length)
  })

  it('replace what had their keyword, so that writing twice is writing once', () => {
    const once = withPngTexts(png, { a: 'first', b: 'stays' })
    const twice = withPngTexts(once, { a: '둘째' })
    expect(Object.fromEntries(readPngTexts(twice).texts)).toEqual({ a: '둘째', b: 'stays' })
    expect(withPngTexts(twice, { a: '둘째' })).toEqual(twice)
  })

  it('hold any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const clean = text.replaceAll('\0', '')
        expect(readPngTexts(withPngTexts(png, { a: text })).texts.get('a')).toBe(clean)
      }),
    )
  })

  it('have the checksum that the specification gives for "IEND"', () => {
    expect(crc32(new TextEncoder().encode('IEND'))).toBe(0xae426082)
  })

  it('that are compressed, damaged or too long are named and left alone', () => {
    const broken = withPngTexts(png, { a: 'whole' })
    broken[broken.findIndex((_, i) => String.fromCharCode(...broken.subarray(i, i + 5)) === 'whole')] = 0x57
    const bytes = (text: string) => new TextEncoder().encode(text)
    const beforePixels = (chunk: Uint8Array) => Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
    expect(readPngTexts(broken).notes).toEqual(['The text "a" is damaged and was not read.'])
    expect(readPngTexts(beforePixels(makeChunk('zTXt', bytes('z\0\0....')))).notes).toEqual([
      'The text "z" is compressed and was not read.',
    ])
    expect(readPngTexts(beforePixels(makeChunk('iTXt', bytes('c\0\u0001\0\0\0....')))).notes).toEqual([
      'The text "c" is compressed and was not read.',
    ])
    expect(
      readPngTexts(beforePixels(makeChunk('iTXt', Uint8Array.of(97, 0, 0, 0, 0, 0, 0xff)))).notes,
    ).toEqual(['The text "a" is damaged and was not read.'])
    const long = readPngTexts(beforePixels(makeChunk('tEXt', bytes(`l\0${'x'.repeat(5 * 2 ** 20)}`))))
    expect([long.texts.size, long.notes]).toEqual([0, ['The text "l" is too long and was not read.']])
  })

  it('are found in no file that is none, is cut off, or names lengths that it does not have', () => {
    const whole = withPngTexts(png, { a: 'x' })
    for (let end = 0; end < whole.length; end++) {
      const { texts } = readPngTexts(whole.subarray(0, end))
      expect(texts.size === 0 || texts.get('a') === 'x').toBe(true)
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
        readPngTexts(Buffer.concat([png.subarray(0, 33), tail]))
      }),
    )
    expect(() => withPngTexts(png.subarray(0, 33), { a: 'x' })).toThrow('without pixels')
    expect(() => withPngTexts(new Uint8Array(5), { a: 'x' })).toThrow('no PNG')
  })
})
