/** What the denoising model is held to: numbers that are numbers, from the first step on. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDiffusionModel } from './diffusion-model.ts'
import { goldensFolder, tinySd } from './golden.test-support.ts'
import { textToImage } from './text-to-image.ts'

describe('a UNet in half precision that leaves its range', () => {
  it('is refused at its first step, with what to use instead', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'overflow-')), 'overflow')
    await cp(tinySd, folder, { recursive: true })
    await cp(join(goldensFolder, 'overflow.onnx'), join(folder, 'unet', 'model.onnx'))
    const model = await loadDiffusionModel(folder, { provider: 'cpu', threads: 1 })
    let steps = 0
    const drawing = textToImage(
      model,
      {
        prompt: 'rust',
        negativePrompt: '',
        steps: 20,
        guidanceScale: 7.5,
        sampler: 'Euler',
        seeds: [1],
        onStep: () => steps++,
      },
      { width: 48, height: 32 },
    )
    await expect(drawing).rejects.toMatchObject({ type: 'model-broken' })
    await expect(drawing).rejects.toThrow(/not finite.*half precision.*float32 version/)
    expect(steps).toBe(0)
    await model.dispose()
    await rm(folder, { recursive: true })
  })
})
