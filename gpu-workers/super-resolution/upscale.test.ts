/** Enlarges with the shipped net and with small ones made by `goldens/tiny_upscalers.py`. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { RgbaImage } from '../images/raster.ts'
import { renderTestPhoto, type TestSurface } from '../images/test-photos.ts'
import { enlargeTiles } from './enlarge-tiles.ts'
import { planTiles } from './plan-tiles.ts'
import { loadSuperResolutionModel, type SuperResolutionModel } from './super-resolution-model.ts'
import { upscale } from './upscale.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const provider = { provider: 'cpu', threads: 2 } as const
const shipped = await loadSuperResolutionModel(here('../starter-model/weights/upscale'), provider)
const small = await loadSuperResolutionModel(here('goldens/tiny-upscaler'), provider)
const fixed = await loadSuperResolutionModel(here('goldens/fixed-upscaler'), provider)
afterAll(() => Promise.all([shipped, small, fixed].map((model) => model.dispose())))

const withTile = (model: SuperResolutionModel, tile: number): SuperResolutionModel => ({
  ...model,
  config: { ...model.config, tile },
})

function opaque(width: number, height: number, surface: TestSurface = 'weave'): RgbaImage {
  const { data } = renderTestPhoto(surface, width, height)
  const out = new Uint8Array(4 * width * height).fill(255)
  for (let i = 0; i < width * height; i++) out.set(data.subarray(3 * i, 3 * i + 3), 4 * i)
  return { width, height, data: out }
}

describe('planTiles', () => {
  it('keeps every pixel exactly once, and sees the margin wherever the photo goes on', () => {
    for (const [width, height] of [[300, 129], [64, 64], [65, 1], [200, 500]] as const) {
      const seen = new Uint8Array(width * height)
      for (const { seen: box, kept } of planTiles({ width, height }, { width: 64, height: 64 }, 10)) {
        expect(box.width).toBeLessThanOrEqual(64)
        expect(kept.x - box.x).toBe(kept.x === 0 ? 0 : 10)
        if (kept.x + kept.width < width) expect(box.x + box.width - kept.x - kept.width).toBe(10)
        for (let y = kept.y; y < kept.y + kept.height; y++)
          for (let x = kept.x; x < kept.x + kept.width; x++) seen[y * width + x]!++
      }
      expect(seen.every((times) => times === 1)).toBe(true)
    }
  }) // prettier-ignore
})

describe('upscale', () => {
  it.each([2, 3, 4])(
    'makes a photo exactly %i times as large, with no seam where pieces meet',
    async (factor) => {
      const photo = renderTestPhoto('weave', 90, 70)
      const whole = await enlargeTiles(withTile(shipped, 128), photo, factor, {})
      const pieces = await enlargeTiles(withTile(shipped, 64), photo, factor, {})
      expect([pieces.width, pieces.height]).toEqual([90 * factor, 70 * factor])
      let worst = 0
      for (let i = 0; i < whole.data.length; i++)
        worst = Math.max(worst, Math.abs(whole.data[i]! - pieces.data[i]!))
      // Rounding, and the resampling's own: a seam is far above it (see the next test).
      expect(worst).toBeLessThanOrEqual(2)
    },
  )

  it('shows a seam where pieces see too little, so that the test above can fail', async () => {
    const photo = renderTestPhoto('weave', 90, 70)
    const blind = { ...shipped, config: { ...shipped.config, tile: 64, margin: 0 } }
    const [whole, pieces] = [
      await enlargeTiles(withTile(shipped, 128), photo, 4, {}),
      await enlargeTiles(blind, photo, 4, {}),
    ]
    expect(whole.data.some((value, i) => Math.abs(value - pieces.data[i]!) > 8)).toBe(true)
  })

  it('fades from piece to piece where a net looks farther than the margin', async () => {
    // Each piece comes out in a brightness of its own: the worst that a net could do.
    let piece = 0
    const moody: SuperResolutionModel = {
      ...shipped,
      config: { ...shipped.config, tile: 60, margin: 15 },
      async enlarge({ width, height }) {
        const data = new Uint8Array(3 * 16 * width * height).fill(piece++ % 2 === 0 ? 100 : 150)
        return { width: 4 * width, height: 4 * height, data }
      },
    }
    const { data, width, height } = await enlargeTiles(moody, renderTestPhoto('plain', 140, 100), 4, {})
    let steepest = 0
    for (let y = 1; y < height; y++) {
      for (let x = 1; x < width; x++) {
        const here = data[3 * (y * width + x)]!
        const before = [data[3 * (y * width + x - 1)]!, data[3 * ((y - 1) * width + x)]!]
        steepest = Math.max(steepest, ...before.map((value) => Math.abs(here - value)))
      }
    }
    // 50 levels over 5 pixels of the photo, 20 of the result.
    expect(steepest).toBeLessThanOrEqual(5)
  })

  it('keeps what the photo shows: made small again it is nearly the same', async () => {
    const photo = opaque(48, 48, 'tiles')
    const large = await upscale(shipped, photo, 4, {})
    let difference = 0
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 48; x++) {
        let sum = 0
        for (let k = 0; k < 16; k++) sum += large.data[4 * ((4 * y + (k >> 2)) * 192 + 4 * x + (k & 3))]!
        difference += Math.abs(sum / 16 - photo.data[4 * (y * 48 + x)]!)
      }
    }
    expect(difference / 48 ** 2).toBeLessThan(8)
  })

  it('serves a net of one fixed size and two times, pieces filled up at the edges', async () => {
    const photo = opaque(50, 37)
    const large = await upscale(fixed, photo, 2, {})
    expect([large.width, large.height]).toEqual([100, 74])
    for (const [x, y] of [[0, 0], [49, 36], [31, 20], [16, 16]] as const)
      expect(large.data[4 * (2 * y * 100 + 2 * x)]).toBe(photo.data[4 * (y * 50 + x)])
  }) // prettier-ignore

  it('keeps transparency, and lets no colour from under it into the edge', async () => {
    const photo = opaque(40, 40)
    for (let i = 0; i < 1600; i++) photo.data.set(i % 40 < 20 ? [0, 0, 0, 0] : [200, 40, 40, 255], 4 * i)
    const large = await upscale(small, photo, 2, {})
    const row = (x: number) => [...large.data.subarray(4 * (40 * 80 + x), 4 * (40 * 80 + x) + 4)]
    expect(row(4)[3]).toBe(0)
    expect(row(76)).toEqual([200, 40, 40, 255])
    // Right beside the edge the red is whole, since black was never mixed in.
    expect(row(40)[0]).toBe(200)
    expect(row(39)[0]).toBe(200)
  })

  it('says after each piece how far it is, and stops between two of them', async () => {
    const steps: [number, number][] = []
    const stop = new AbortController()
    const running = enlargeTiles(withTile(small, 32), renderTestPhoto('plain', 100, 100), 2, {
      signal: stop.signal,
      onStep: (step, total) => {
        steps.push([step, total])
        if (step === 3) stop.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(steps.map(([step]) => step)).toEqual([1, 2, 3])
    expect(steps[0]![1]).toBeGreaterThan(9)
  })

  it('refuses more than the model can, and results that nothing could open', async () => {
    await expect(upscale(fixed, opaque(8, 8), 4, {})).rejects.toMatchObject({
      type: 'invalid-input',
      message: expect.stringContaining('enlarges 2 times at most'),
    })
    const large = { width: 6000, height: 4000, data: new Uint8Array(0) }
    await expect(upscale(shipped, large, 2, {})).rejects.toMatchObject({
      type: 'invalid-input',
      message: expect.stringContaining('12000 × 8000; a picture may have 40 million pixels'),
    })
  })
})

describe('loadSuperResolutionModel', () => {
  it('says of a config for another task, or without a scale, what is wrong', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'upscale-')), 'model')
    await mkdir(folder)
    await expect(loadSuperResolutionModel(folder, provider)).rejects.toThrow('has no model.onnx')
    await writeFile(join(folder, 'model.onnx'), 'x')
    await writeFile(join(folder, 'config.json'), '{"task": "matting"}')
    await expect(loadSuperResolutionModel(folder, provider)).rejects.toThrow('"task": "super-resolution"')
    await writeFile(join(folder, 'config.json'), '{"task": "super-resolution", "scale": 4}')
    await expect(loadSuperResolutionModel(folder, provider)).rejects.toMatchObject({ type: 'model-broken' })
  })

  it('says when a model enlarges by something else than its config has it', async () => {
    const lying = await loadSuperResolutionModel(here('goldens/lying-upscaler'), provider)
    await expect(upscale(lying, opaque(8, 8), 2, {})).rejects.toThrow('its config.json says "scale": 3')
    await lying.dispose()
  })
})
