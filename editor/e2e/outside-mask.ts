/** Compares two pictures pixel by pixel, apart by what a mask marks. */
import sharp from 'sharp'

/** @returns how many pixels differ outside the mask and inside of it. */
export async function countDifferences(
  before: Buffer,
  after: Buffer,
  mask: Buffer,
): Promise<{ outside: number; inside: number }> {
  const [a, b, m] = [await rgb(before), await rgb(after), await rgb(mask)]
  if (a.length !== b.length || a.length !== m.length) throw new Error('The pictures are not of one size.')
  let outside = 0
  let inside = 0
  for (let at = 0; at < a.length; at += 3) {
    if (a[at] === b[at] && a[at + 1] === b[at + 1] && a[at + 2] === b[at + 2]) continue
    if ((m[at] ?? 0) > 0) inside++
    else outside++
  }
  return { outside, inside }
}

const rgb = (file: Buffer) => sharp(file).removeAlpha().toColourspace('srgb').raw().toBuffer()
