/** Holes are filled by real ONNX nets of one size and of any size; `goldens/tiny_fill.py` made them. */
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createMask, type GrayMask, type RgbImage } from '../images/raster.ts'
import { renderTestPhoto } from '../images/test-photos.ts'
import { countChangedOutside } from '../masks/composite.ts'
import { createPipeline } from '../pipeline/index.ts'
import { fillByModel, loadFillModel } from './fill-by-model.ts'

const nets = fileURLToPath(new URL('../goldens/tiny-fill', import.meta.url))
const provider = { provider: 'cpu', threads: 1 } as const

/** Black discs on a plain photo, and a mask that holds them. */
function spotted(
  width: number,
  height: number,
  spots: [number, number][],
): { image: RgbImage; mask: GrayMask } {
  const image = renderTestPhoto('plain', width, height)
  const mask = createMask(width, height)
  for (const [x, y] of spots) {
    for (let i = 0; i < mask.data.length; i++) {
      const distance = Math.hypot((i % width) - x, Math.floor(i / width) - y)
      if (distance < 8) image.data.fill(0, i * 3, i * 3 + 3)
      if (distance < 9) mask.data[i] = 255
    }
  }
  return { image, mask }
}

describe.each(['fixed', 'free'])('a net of %s size', (name) => {
  it('fills holes in corners, at borders and far apart, and touches nothing else', async () => {
    const { image, mask } = spotted(301, 223, [[0, 0], [150, 222], [290, 100]]) // prettier-ignore
    const truth = renderTestPhoto('plain', 301, 223)
    const model = await loadFillModel(join(nets, name), provider)
    const parts: number[] = []
    const filled = await fillByModel(model, { image, mask, onProgress: (part) => parts.push(part) })
    await model.dispose()
    expect(countChangedOutside(image, filled, mask)).toBe(0)
    const off = Array.from(filled.data, (value, i) => Math.abs(value - truth.data[i]!))
    expect(off.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(12)
    expect(parts).toEqual([1 / 3, 2 / 3, 1])
  })

  it('refuses a mask that leaves nothing to go by', async () => {
    const { image } = spotted(40, 30, [])
    const model = await loadFillModel(join(nets, name), provider)
    const white = { ...createMask(40, 30), data: new Uint8Array(1200).fill(255) }
    await expect(fillByModel(model, { image, mask: white })).rejects.toThrow(/white everywhere/)
    await model.dispose()
  })

  it('stops between two places when told to', async () => {
    const { image, mask } = spotted(301, 223, [[10, 10], [290, 200]]) // prettier-ignore
    const model = await loadFillModel(join(nets, name), provider)
    const controller = new AbortController()
    const work = fillByModel(model, {
      ...{ image, mask, signal: controller.signal },
      onProgress: () => controller.abort(new Error('enough')),
    })
    await expect(work).rejects.toThrow('enough')
    await model.dispose()
  })
})

describe('a model for clean up', () => {
  it('stands in the list with its kind, and works through the pipeline by its name', async () => {
    const pipeline = createPipeline({ modelsDirs: [nets], ...provider })
    const { models, problems } = await pipeline.listModels()
    expect(problems).toEqual([])
    expect(models.map(({ id, kind }) => [id, kind])).toEqual([
      ['fixed', 'clean-up'],
      ['free', 'clean-up'],
    ])
    const { image, mask } = spotted(100, 80, [[50, 40]])
    const filled = await pipeline.fillHoles({ model: 'free', image, mask })
    expect(filled.data[(40 * 100 + 50) * 3]).toBeGreaterThan(100)
    await expect(pipeline.fillHoles({ model: 'lama', image, mask })).rejects.toThrow(
      'The model "lama" is not installed. Choose one of: fixed, free.',
    )
    await pipeline.dispose()
  })

  it('that takes something else than a picture and a mask is refused, with what it takes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fill-model-'))
    await copyFile(join(nets, '../tiny-matting/model.onnx'), join(folder, 'model.onnx'))
    await writeFile(join(folder, 'config.json'), '{ "task": "clean-up" }')
    await expect(loadFillModel(folder, provider)).rejects.toMatchObject({ type: 'model-broken' })
    await expect(loadFillModel(folder, provider)).rejects.toThrow(
      /this one takes image \[batch, 3, height, width\]/,
    )
    await writeFile(join(folder, 'config.json'), '{ "task": "clean-up", "output_max": 3 }')
    await expect(loadFillModel(folder, provider)).rejects.toThrow(/config.json cannot be used: .*output_max/s)
    await writeFile(join(folder, 'model.onnx'), '')
    await expect(loadFillModel(folder, provider)).rejects.toThrow(/has no model.onnx, or an empty one/)
  })
})
