/** Cuts a bright part out of a dark photo with a net that is right by construction; `goldens/tiny_nets.py` made it. */
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { onColour } from '../images/on-colour.ts'
import type { RgbImage } from '../images/raster.ts'
import { refineAlpha } from './refine-alpha.ts'
import { loadMattingModel } from './matting-model.ts'
import { removeBackground } from './remove-background.ts'

const folder = fileURLToPath(new URL('../goldens/tiny-matting', import.meta.url))

describe('removeBackground', () => {
  it('gives an alpha matte at the full size of the photo, colours untouched', async () => {
    const photo = discPhoto(300, 210)
    const model = await loadMattingModel(folder, { provider: 'cpu', threads: 1 })
    const { image, mask } = await removeBackground(model, photo)
    await model.dispose()
    expect([mask.width, mask.height, image.width, image.height]).toEqual([300, 210, 300, 210])
    expect(overlap(mask.data, photo)).toBeGreaterThan(0.98)
    expect(image.data.filter((_, i) => i % 4 === 3)).toEqual(mask.data)
    expect(image.data.filter((_, i) => i % 4 !== 3)).toEqual(photo.data)
  })

  it('says of a folder without a config what it lacks', async () => {
    await expect(loadMattingModel('/nowhere', { provider: 'cpu' })).rejects.toThrow(
      '/nowhere has no model.onnx',
    )
  })
})

const published = (name: string) => fileURLToPath(new URL(`goldens/${name}`, import.meta.url))
const cpu = { provider: 'cpu', threads: 1 } as const

describe('nets of others, by the same interface', () => {
  it.each([
    ['tiny-isnet', 'the first of six outputs, stretched', { width: 64, height: 64 }],
    ['tiny-u2net', 'the first of seven outputs, stretched', { width: 64, height: 64 }],
    ['tiny-birefnet', 'the last output, by its sigmoid', { width: 96, height: 96 }],
    ['tiny-other', 'an output by its name, half as large, in half precision', { width: 64, height: 64 }],
  ])('%s: %s', async (name, _what, size) => {
    const photo = discPhoto(300, 210)
    const model = await loadMattingModel(published(name), cpu)
    expect(model.netSize(photo)).toEqual(size)
    const { image, mask } = await removeBackground(model, photo)
    await model.dispose()
    expect([image.width, image.height]).toEqual([300, 210])
    expect(overlap(mask.data, photo)).toBeGreaterThan(0.97)
    // Well inside and well outside, so a wrong range or a missing sigmoid shows.
    expect(mask.data[105 * 300 + 150]).toBeGreaterThan(240)
    expect(mask.data[5 * 300 + 5]).toBeLessThan(15)
  })

  it('see what each was trained on: U²-Net divides by the largest value, ISNet by 255', async () => {
    // A flat photo, a little darker than white: through U²-Net's eyes it is white.
    const seen = async (name: string) => {
      const model = await loadMattingModel(published(name), cpu)
      const data = new Uint8Array(3 * 64 * 64).fill(120)
      const { data: alpha } = await model.matte({ width: 64, height: 64, data })
      await model.dispose()
      return alpha[0]!
    }
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
    const white = [0.485, 0.456, 0.406].map((mean, c) => (1 - mean) / [0.229, 0.224, 0.225][c]!)
    expect(await seen('tiny-u2net')).toBeCloseTo(sigmoid(2 * white.reduce((sum, x) => sum + x)), 4)
    expect(await seen('tiny-isnet')).toBeCloseTo(0.25 + 0.5 * sigmoid(4 * 3 * (120 / 255 - 0.5)), 4)
  })

  it('lets a config say what differs from its preset, and refuses what nothing has', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'matting-')), 'net')
    await cp(published('tiny-isnet'), folder, { recursive: true })
    const says = (config: object) =>
      writeFile(join(folder, 'config.json'), JSON.stringify({ task: 'matting', ...config }))
    await says({ preset: 'isnet', output: 'side2' })
    const turned = await loadMattingModel(folder, cpu)
    const { mask } = await removeBackground(turned, discPhoto(64, 64))
    await turned.dispose()
    expect(mask.data[32 * 64 + 32]).toBeLessThan(15)
    await says({ preset: 'isnet', output: 'alpha' })
    await expect(loadMattingModel(folder, cpu)).rejects.toThrow(
      'has no output "alpha", which its config.json names; it has d1, side1',
    )
    await says({ preset: 'rmbg' })
    await expect(loadMattingModel(folder, cpu)).rejects.toMatchObject({ type: 'model-broken' })
    const whole = await readFile(join(folder, 'model.onnx'))
    await says({ preset: 'isnet' })
    await writeFile(join(folder, 'model.onnx'), whole.subarray(0, 300))
    await expect(loadMattingModel(folder, cpu)).rejects.toMatchObject({ type: 'model-broken' })
  })

  it('refuses a matte that is no number', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'matting-')), 'net')
    await cp(published('tiny-birefnet'), folder, { recursive: true })
    const tiny = [1e-39, 1e-39, 1e-39]
    const config = { task: 'matting', preset: 'birefnet', input_size: 96, std: tiny, activation: 'none' }
    await writeFile(join(folder, 'config.json'), JSON.stringify(config))
    const model = await loadMattingModel(folder, cpu)
    await expect(removeBackground(model, discPhoto(96, 96))).rejects.toMatchObject({
      type: 'model-broken',
      message: expect.stringContaining('for a photo of 96 × 96; one alpha per pixel is needed'),
    })
    await model.dispose()
  })

  it('refuses a model that takes something else than one picture', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'matting-')), 'net')
    await cp(fileURLToPath(new URL('../goldens/tiny-sd/text_encoder', import.meta.url)), folder, {
      recursive: true,
    })
    await writeFile(join(folder, 'config.json'), '{"task": "matting"}')
    await expect(loadMattingModel(folder, cpu)).rejects.toThrow('takes one picture [1, 3, height, width]')
  })
})

describe('onColour', () => {
  it('shows the part as it is and the ground in the colour, mixed at the edge', () => {
    const data = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 100, 100, 100, 128)
    const { data: out } = onColour({ width: 3, height: 1, data }, '#00fF80')
    expect([...out]).toEqual([10, 20, 30, 0, 255, 128, 50, 177, 114])
  })
})

describe('refineAlpha', () => {
  it('follows the edge of the photo closer than the coarse matte can', () => {
    const photo = discPhoto(320, 320)
    const small = discPhoto(40, 40)
    const coarse = {
      width: 40,
      height: 40,
      data: new Float32Array(1600).map((_, i) => (small.data[3 * i]! > 128 ? 1 : 0)),
    }
    const refined = refineAlpha(coarse, small, photo)
    const blocky = photo.data.filter((_, i) => i % 3 === 0).map((_, i) => {
      const [x, y] = [Math.floor((i % 320) / 8), Math.floor(i / 320 / 8)]
      return coarse.data[y * 40 + x]! * 255
    }) // prettier-ignore
    const ours = overlap(
      Uint8Array.from(refined.data, (alpha) => Math.round(alpha * 255)),
      photo,
    )
    expect(ours).toBeGreaterThan(overlap(Uint8Array.from(blocky), photo))
    expect(ours).toBeGreaterThan(0.98)
  })
})

/** A bright disc on a dark ground. */
function discPhoto(width: number, height: number): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < width * height; i++) {
    const inside =
      Math.hypot((i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2) < height / 3
    data.fill(inside ? 230 : 30, 3 * i, 3 * i + 3)
  }
  return { width, height, data }
}

/** Intersection over union of the mask and the disc. */
function overlap(mask: Uint8Array, photo: RgbImage): number {
  let both = 0
  let either = 0
  for (let i = 0; i < mask.length; i++) {
    const a = mask[i]! > 127
    const b = photo.data[3 * i]! > 128
    if (a && b) both++
    if (a || b) either++
  }
  return both / either
}
