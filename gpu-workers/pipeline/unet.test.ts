/** What the denoising model is held to: any declared inputs, and numbers that are numbers from the first step on. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDiffusionModel } from './diffusion-model.ts'
import { goldensFolder, tinySd } from './golden.test-support.ts'
import { openSession } from '../runtime/session.ts'
import { textToImage } from './text-to-image.ts'
import { createUnet } from './unet.ts'

describe('a UNet that was exported for two rows at a time', () => {
  it('gives each row what it gives it in any other company, whatever its inputs are called', async () => {
    const session = await openSession(join(goldensFolder, 'fixed-batch.onnx'), {
      provider: 'cpu',
      threads: 1,
    })
    const unet = createUnet(session, 4)
    expect(unet.takesAnyLength).toBe(false)
    const rows = [1, 2, 3]
    const sample = rowsOf(rows, 4 * 2 * 3, [3, 4, 2, 3])
    const conditioning = rowsOf([0, 1, 2], 77 * 8, [3, 77, 8])
    const answer = await unet.predict(sample, 10, conditioning)
    // The graph answers sample · (1 + mean of the text) + time.
    expect(answer).toEqual(rowsOf([11, 14, 19], 4 * 2 * 3, [3, 4, 2, 3]).data)
    await session.dispose()
  })
})

/** Rows that hold one number each. */
function rowsOf(values: number[], size: number, shape: number[]) {
  return { data: Float32Array.from(values.flatMap((value) => new Array<number>(size).fill(value))), shape }
}

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
