/** Samplers at the ends of what may be asked: one step, very many, hardly any strength, no guidance, few training times. */
import { samplers } from '@defect-studio/nodes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { difference } from '../parity/difference.ts'
import { caseMask, casePhoto } from '../parity/picture-case.ts'
import { createScheduler } from '../schedulers/index.ts'
import { scale } from '../schedulers/scheduler.ts'
import { loadDiffusionModel, type DiffusionModel } from './diffusion-model.ts'
import { stepsToMake } from './drawing.ts'
import { golden, goldensFolder, tinySd } from './golden.test-support.ts'
import { imageToImage } from './image-to-image.ts'
import { inpaint } from './inpaint.ts'
import { createNoiseSource } from './noise.ts'
import { textToImage } from './text-to-image.ts'

const size = { width: 16, height: 16 }
const request = { ...golden, guidanceScale: 1, sampler: 'Euler' as const, steps: 1, seeds: [1] }
let model: DiffusionModel
let nine: DiffusionModel
beforeAll(async () => {
  model = await loadDiffusionModel(tinySd, { provider: 'cpu', threads: 1 })
  nine = await loadDiffusionModel(`${goldensFolder}tiny-sd-inpaint`, { provider: 'cpu', threads: 1 })
})
afterAll(() => Promise.all([model.dispose(), nine.dispose()]))

describe('a drawing', () => {
  it.each(samplers)('is finite after one step: %s', async (sampler) => {
    const { latents } = await textToImage(model, { ...request, sampler, steps: 1 }, size)
    expect(latents.every(Number.isFinite)).toBe(true)
  })

  it.each(samplers)('stays finite however many steps are asked: %s', (sampler) => {
    const noise = createNoiseSource([5])
    for (const steps of [2, 3, 61, sampler === 'LCM' ? 50 : 150]) {
      if (sampler === 'LCM' && steps > 50) continue
      const scheduler = createScheduler(sampler, model.folder.noiseSchedule, steps)
      expect(scheduler.timesteps).toHaveLength(scheduler.order * (steps - 1) + 1)
      let sample = scale(scheduler.initNoiseSigma, noise(16))
      for (const [i, t] of scheduler.timesteps.entries()) {
        const answer = scheduler.scaleModelInput(sample, i).map((x) => Math.sin(x + t / 100))
        sample = scheduler.step(answer, i, sample, noise)
      }
      expect(sample.every(Number.isFinite)).toBe(true)
    }
  })

  it.each(samplers)('keeps the photo where strength leaves no step: %s', async (sampler) => {
    const image = casePhoto(size)
    const few = { ...request, sampler, steps: 20, image }
    const kept = await imageToImage(model, { ...few, strength: 0.04 })
    const asVae = await imageToImage(model, { ...few, sampler: 'DDIM', strength: 0 })
    expect(difference(kept.pictures[0]!.data, asVae.pictures[0]!.data).max).toBe(0)
    const mask = caseMask(size)
    const inpainted = await inpaint(nine, { ...few, mask, strength: 0.04 })
    expect(inpainted.latents.every(Number.isFinite)).toBe(true)
  })

  it('makes as many of its steps as diffusers counts for a strength', () => {
    expect([0, 0.04, 0.05, 0.29, 0.75, 1].map((strength) => stepsToMake(20, strength))).toEqual([
      0, 0, 1, 5, 15, 20,
    ])
    expect(() => stepsToMake(20, 1.01)).toThrow('Strength')
  })

  it('asks the model once a step without guidance and refuses less than 1', async () => {
    await expect(textToImage(model, { ...request, guidanceScale: 0.99 }, size)).rejects.toThrow(
      'Guidance scale must be a number from 1 to 20',
    )
    const plain = await textToImage(model, { ...request, steps: 3 }, size)
    const other = await textToImage(model, { ...request, steps: 3, negativePrompt: 'rust' }, size)
    expect(difference(plain.latents, other.latents).max).toBe(0)
  })

  it('refuses more steps than the model was trained on', async () => {
    const folder = {
      ...model.folder,
      noiseSchedule: { ...model.folder.noiseSchedule, num_train_timesteps: 10 },
    }
    const little: DiffusionModel = { ...model, folder }
    await expect(textToImage(little, { ...request, steps: 11 }, size)).rejects.toMatchObject({
      type: 'invalid-input',
      message: 'Steps must be a whole number from 1 to 10; it is 11.',
    })
    const { latents } = await textToImage(little, { ...request, steps: 10 }, size)
    expect(latents.every(Number.isFinite)).toBe(true)
  })

  it('refuses more steps with LCM than its distilling knew, before it draws', () => {
    expect(() => createScheduler('LCM', model.folder.noiseSchedule, 51)).toThrow('LCM makes at most 50 steps')
  })
})
