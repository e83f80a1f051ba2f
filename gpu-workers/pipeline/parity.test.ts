/** Holds whole pictures to diffusers' on the same weights and seeds; `goldens/tiny_sd.py` made them. */
import { samplers } from '@defect-studio/nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { difference, meanSize } from '../parity/difference.ts'
import { drawCase } from '../parity/draw-case.ts'
import { loadDiffusionModel, type DiffusionModel } from './diffusion-model.ts'
import { golden, goldenNumbers, goldensFolder, type GoldenCase } from './golden.test-support.ts'

// The reference's pixels are kept as bytes: half a step is lost there.
const HALF_BYTE = 0.5 / 255

const models = new Map<string, DiffusionModel>()

beforeAll(async () => {
  for (const name of ['tiny-sd', 'tiny-sd-inpaint']) {
    models.set(name, await loadDiffusionModel(`${goldensFolder}${name}`, { provider: 'cpu', threads: 1 }))
  }
})
afterAll(async () => {
  for (const model of models.values()) await model.dispose()
})

const draw = (one: GoldenCase, seeds?: number[]) =>
  drawCase(models.get(one.model)!, one, promptsOf(one), seeds)

function promptsOf({ tool }: GoldenCase) {
  const { prompt, longPrompt, negativePrompt } = golden
  return { prompt: tool === 'long text' ? longPrompt : prompt, negativePrompt }
}

describe('the diffusion tools', () => {
  it.each(samplers)(
    'draw what diffusers draws with every tool and both kinds of UNet: %s',
    async (sampler) => {
      const cases = golden.cases.filter((one) => one.sampler === sampler)
      const kinds = new Set(cases.map((one) => `${one.model} ${one.tool}`))
      expect(kinds.size).toBeGreaterThanOrEqual(6)
      for (const one of cases) {
        const { model, tool, steps, guidanceScale, strength } = one
        const what = `${model}, ${tool}, ${steps} steps, guidance ${guidanceScale}, strength ${strength}`
        const { pictures, latents } = await draw(one)
        const expected = goldenNumbers(one)
        // A single step at the lowest of the trained times, which 'linspace' gives, leaves little.
        expect(meanSize(expected.latents), what).toBeGreaterThan(0.01)
        expect(difference(latents, expected.latents).max, what).toBeLessThanOrEqual(
          1e-4 * Math.max(1, meanSize(expected.latents)),
        )
        expect(difference(pictures[0]!.data, expected.pixels).max, what).toBeLessThanOrEqual(HALF_BYTE + 1e-4)
      }
    },
  )

  it('draw the same picture for a seed whether it is drawn alone or with others', async () => {
    const cases = golden.cases.filter((one) => one.sampler === 'DPM2 a' && one.steps === 7)
    expect(cases).toHaveLength(6)
    for (const one of cases) {
      const together = await draw(one, [11, one.seed, 12])
      const row = together.latents.length / 3
      const ours = together.latents.slice(row, 2 * row)
      expect(difference(ours, goldenNumbers(one).latents).max).toBeLessThanOrEqual(1e-3)
    }
  })
})
