/** Holds whole pictures to diffusers' on the same weights and seeds; `goldens/tiny_sd.py` made them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDiffusionModel, type DiffusionModel } from './diffusion-model.ts'
import type { Drawing } from './drawing.ts'
import {
  golden,
  goldenMask,
  goldenNumbers,
  goldenPhoto,
  goldensFolder,
  type GoldenCase,
} from './golden.test-support.ts'
import { imageToImage } from './image-to-image.ts'
import { inpaint } from './inpaint.ts'
import { textToImage } from './text-to-image.ts'

const models = new Map<string, DiffusionModel>()

beforeAll(async () => {
  for (const name of ['tiny-sd', 'tiny-sd-inpaint']) {
    models.set(name, await loadDiffusionModel(`${goldensFolder}${name}`, { provider: 'cpu', threads: 1 }))
  }
})
afterAll(async () => {
  for (const model of models.values()) await model.dispose()
})

describe('the diffusion tools', () => {
  it.each(golden.cases)(
    'draw what diffusers draws: $model, $tool, $sampler, $steps steps, guidance $guidanceScale, strength $strength',
    async (one) => {
      const { pictures, latents } = await draw(one, [one.seed])
      const expected = goldenNumbers(one)
      expect(meanSize(expected.latents)).toBeGreaterThan(0.1)
      expect(largestDifference(latents, expected.latents) / meanSize(expected.latents)).toBeLessThanOrEqual(
        1e-4,
      )
      expect(largestDifference(pictures[0]!.data, expected.pixels)).toBeLessThanOrEqual(1e-4)
    },
  )

  it('draw the same picture for a seed whether it is drawn alone or with others', async () => {
    const cases = golden.cases.filter((one) => one.sampler === 'Euler a' && one.guidanceScale > 1)
    expect(cases.length).toBeGreaterThan(2)
    for (const one of cases) {
      const together = await draw(one, [11, one.seed, 12])
      expect(largestDifference(together.pictures[1]!.data, goldenNumbers(one).pixels)).toBeLessThanOrEqual(
        1e-4,
      )
    }
  })
})

function draw(one: GoldenCase, seeds: number[]): Promise<Drawing> {
  const model = models.get(one.model)!
  const { prompt, negativePrompt, width, height } = golden
  const { steps, guidanceScale, sampler, strength } = one
  const request = { prompt, negativePrompt, steps, guidanceScale, sampler, seeds }
  if (one.tool === 'text') return textToImage(model, request, { width, height })
  if (one.tool === 'long text') {
    return textToImage(model, { ...request, prompt: golden.longPrompt }, { width, height })
  }
  const image = goldenPhoto()
  if (one.tool === 'image') return imageToImage(model, { ...request, image, strength })
  return inpaint(model, { ...request, image, mask: goldenMask(), strength })
}

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0)
}

function meanSize(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length
}
