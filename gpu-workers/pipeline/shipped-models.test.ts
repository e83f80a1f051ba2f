/** The weights that come with the product are listed, and every tool that needs a model runs on them. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeImage } from '../images/decode-image.ts'
import { createMask } from '../images/raster.ts'
import { createPipeline } from './index.ts'

const shippedDir = fileURLToPath(new URL('../starter-model/weights', import.meta.url))
const pipeline = createPipeline({ modelsDirs: [], shippedDir, provider: 'cpu', threads: 2 })
afterAll(() => pipeline.dispose())

const call = {
  model: 'starter',
  prompt: 'red painted metal with a scratch',
  negativePrompt: '',
  steps: 2,
  guidanceScale: 4,
  sampler: 'DDIM' as const,
  seeds: [1],
}
const image = { width: 160, height: 144, data: new Uint8Array(3 * 160 * 144).fill(140) }

describe('the shipped models', () => {
  it('are listed with a title, a licence and a note', async () => {
    const { models, problems } = await pipeline.listModels()
    expect(problems).toEqual([])
    expect(models.map(({ id, kind, licence }) => ({ id, kind, licence }))).toEqual([
      { id: 'starter-image-text', kind: 'image-text', licence: 'Apache-2.0' },
      { id: 'starter-matting', kind: 'matting', licence: 'Apache-2.0' },
      { id: 'starter', kind: 'diffusion', licence: 'Apache-2.0' },
      { id: 'starter-upscale', kind: 'super-resolution', licence: 'BSD-3-Clause' },
    ])
    for (const { title, note } of models) expect(`${title}: ${note}`).toMatch(/^Starter \w+: .{20,}/)
  })

  it('draw from a prompt, redraw, inpaint and cut out', async () => {
    const drawn = await pipeline.textToImage({ ...call, width: 128, height: 128 })
    expect(new Set(drawn.pictures[0]!.data).size).toBeGreaterThan(50)
    const redrawn = await pipeline.imageToImage({ ...call, image, strength: 1 })
    expect([redrawn.pictures[0]!.width, redrawn.pictures[0]!.height]).toEqual([160, 144])
    const mask = createMask(160, 144)
    mask.data.fill(255, 160 * 70, 160 * 80)
    const inpainted = await pipeline.inpaint({ ...call, image, mask, strength: 1, feather: 2 })
    expect(inpainted.pictures[0]!.changedOutside).toBe(0)
    expect(inpainted.pictures[0]!.image.data).not.toEqual(image.data)
    const cut = await pipeline.removeBackground({ model: 'starter-matting', image })
    expect(cut.mask.data).toHaveLength(160 * 144)
  })

  it('say what a photo of the examples shows', async () => {
    const { prompt } = await pipeline.suggestPrompts({
      ...{ model: 'starter-image-text', mode: 'classic', caption: '', count: 6, phrases: '' },
      image: await decodeImage(await readFile(new URL('../../examples/photos/wood-01.jpg', import.meta.url))),
    })
    expect(prompt).toMatch(/^light wood, without defects, wood grain/)
  })

  it('enlarge', async () => {
    const photo = { width: 40, height: 30, data: new Uint8Array(4 * 40 * 30).fill(255) }
    const large = await pipeline.upscale({ model: 'starter-upscale', image: photo, factor: 3 })
    expect([large.width, large.height]).toEqual([120, 90])
  })
})
