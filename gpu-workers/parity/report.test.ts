/** The report of `npm run parity` must fail when a picture is off, however many are right. */
import { describe, expect, it } from 'vitest'
import { difference, type Difference } from './difference.ts'
import type { PictureCase } from './picture-case.ts'
import { createReport } from './report.ts'

const one: PictureCase = {
  ...{ model: 'tiny', tool: 'text', sampler: 'Heun', steps: 7, guidanceScale: 7.5, strength: 1, seed: 1 },
  ...{ width: 8, height: 8, latents: 4, pixels: 3 },
}
const apart = (max: number, mean = max): Difference => ({ mean, max })

describe('createReport', () => {
  it('passes when all is within the bounds, and keeps the worst of each', () => {
    const report = createReport()
    report.add(one, { latents: apart(9e-4), pixels: apart(0.01, 0.001) }, 0.7)
    report.add({ ...one, steps: 1 }, { latents: apart(1e-5), pixels: apart(0.015, 0.0001) }, 1)
    expect(report.summary()).toMatchObject({ passed: true, pictures: 2, beyond: 0, worst_latent_max: 9e-4 })
    expect(report.summary().worst_pixel_max_255).toBeCloseTo(0.015 * 255)
    expect(report.table()).toContain('tiny   Heun')
  })

  it.each([
    ['latents', { latents: apart(1.1e-3), pixels: apart(0) }],
    ['pixels at most', { latents: apart(0), pixels: apart(4.1 / 255, 0) }],
    ['pixels on average', { latents: apart(0), pixels: apart(1.1 / 255) }],
    ['numbers that are none', { latents: apart(NaN), pixels: apart(0) }],
  ])('fails and names the picture when one is off: %s', (_, off) => {
    const report = createReport()
    report.add(one, { latents: apart(0), pixels: apart(0) }, 1)
    report.add({ ...one, tool: 'inpaint' }, off, 1)
    expect(report.summary()).toMatchObject({ passed: false, beyond: 1 })
    expect(report.table()).toContain('beyond the bounds: tiny, Heun, inpaint, 7 steps, guidance 7.5')
  })

  it('measures large latents in units of their own size', () => {
    const report = createReport()
    report.add(one, { latents: apart(1.6e-3), pixels: apart(0) }, 100)
    expect(report.summary()).toMatchObject({ passed: true, worst_latent_max: 1.6e-3 })
    expect(report.summary().worst_latent_share).toBeCloseTo(1.6e-5)
  })

  it('fails when nothing was compared', () => {
    expect(createReport().summary().passed).toBe(false)
  })
})

describe('difference', () => {
  it('is the mean and the largest of what lies between, and NaN where a number is none', () => {
    expect(difference([1, 2, 3], [1, 4, 2])).toEqual({ mean: 1, max: 2 })
    expect(difference([NaN, 2], [1, 2])).toEqual({ mean: NaN, max: NaN })
    expect(() => difference([1], [1, 2])).toThrow('1 numbers beside 2')
  })
})
