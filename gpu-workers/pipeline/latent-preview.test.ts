/** Previews look like the picture that comes of them, and fit into a notification. */
import { join } from 'node:path'
import { Preview } from '@defect-studio/nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodePreview } from '../images/encode-preview.ts'
import type { RgbImage } from '../images/raster.ts'
import { resizeImage } from '../images/resize-image.ts'
import { createRandomGenerator } from '../runtime/random.ts'
import { loadDiffusionModel, type DiffusionModel } from './diffusion-model.ts'
import { previewLatents, rgbFactors } from './latent-preview.ts'
import { toRgbImage } from './pixel-planes.ts'
import { textToImage } from './text-to-image.ts'

const starter = join(import.meta.dirname, '../starter-model/weights/starter')
let model: DiffusionModel
beforeAll(async () => (model = await loadDiffusionModel(starter, { provider: 'cpu', threads: 2 })))
afterAll(() => model.dispose())

describe('previews', () => {
  it('come every few steps, and those near the end look like the picture', async () => {
    const previews = new Map<number, RgbImage>()
    const { pictures } = await textToImage(
      model,
      {
        prompt: 'a scratch on wood',
        negativePrompt: '',
        steps: 8,
        guidanceScale: 5,
        sampler: 'Euler',
        seeds: [3, 4],
        onStep: ({ step, preview }) => preview && previews.set(step, preview),
      },
      { width: 128, height: 128 },
    )
    expect([...previews.keys()]).toEqual([2, 4, 6])
    const picture = await resizeImage(toRgbImage(pictures[0]!), 32, 32)
    const likeness = (step: number) => correlation(previews.get(step)!.data, picture.data)
    expect(likeness(6)).toBeGreaterThan(0.9)
    expect(likeness(6)).toBeGreaterThan(likeness(2))
  })

  it('take the published factors for Stable Diffusion, without calling its decoder', async () => {
    const decode = () => Promise.reject(new Error('not asked for'))
    const vae = { ...model.vae, scaleFactor: 8, scalingFactor: 0.18215, decode }
    const factors = await rgbFactors(vae)
    const grey = previewLatents(new Float32Array(4), 1, 1, factors)
    expect([...grey.data]).toEqual([128, 128, 128])
  })

  it('fit into a notification, even the noisiest', async () => {
    const { data } = {
      data: Uint8Array.from(createRandomGenerator(1).uniform(3 * 256 * 256), (x) => 256 * x),
    }
    const url = await encodePreview({ width: 256, height: 256, data })
    expect(Preview.parse(url)).toMatch(/^data:image\/webp/)
  })
})

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centred = (values: ArrayLike<number>) => {
    const all = Array.from(values)
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length
    return all.map((value) => value - mean)
  }
  const [x, y] = [centred(a), centred(b)]
  const dot = (p: number[], q: number[]) => p.reduce((sum, value, i) => sum + value * q[i]!, 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}
