/** What the samplers that count in σ share: the noise levels of a run, and how they scale and add noise. */
import type { BetaDefaults, NoiseScheduleConfig } from './noise-schedule.ts'
import { blend, scale, type Scheduler } from './scheduler.ts'
import { karrasSigmas, sigmaAt, timeOf, trainedSigmas } from './sigmas.ts'
import { spacedTimesteps } from './timesteps.ts'

export type ExplodingSchedule = {
  /** `steps` model times, high to low; fractions where the spacing or the σ give such. */
  times: number[]
  /** `steps` noise levels, high to low, float32. */
  sigmas: Float32Array
  /** Factor on unit noise when a picture starts from nothing but noise. */
  initNoiseSigma: number
  /** σ for each training time. */
  trained: Float32Array
}

/** @param karras places the levels by EDM, eq. 5, between the run's own highest and lowest. */
export function explodingSchedule(
  config: NoiseScheduleConfig,
  steps: number,
  { karras = false, betas }: { karras?: boolean; betas?: BetaDefaults } = {},
): ExplodingSchedule {
  const trained = trainedSigmas(config, betas)
  const spacing = config.timestep_spacing ?? 'linspace'
  let times = spacedTimesteps(spacing, steps, config)
  let levels = times.map((t) => sigmaAt(t, trained))
  if (karras) {
    levels = karrasSigmas({ low: levels[steps - 1]!, high: levels[0]! }, steps, config)
    times = levels.map((sigma) => timeOf(sigma, trained))
  }
  const sigmas = Float32Array.from(levels)
  const largest = Math.max(...sigmas)
  const initNoiseSigma = spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest
  return { times, sigmas, initNoiseSigma, trained }
}

/** How a sampler scales its input and adds noise when `levels[i]` is the noise level at index i. */
export function explodingNoise(levels: ArrayLike<number>): Pick<Scheduler, 'scaleModelInput' | 'addNoise'> {
  return {
    // c_in of EDM, table 1, with σ_data = 1.
    scaleModelInput: (sample, i) => scale(1 / Math.sqrt(levels[i]! ** 2 + 1), sample),
    addNoise: (original, noise, i) => blend(1, original, levels[i]!, noise),
  }
}

/**
 * How far down an ancestral step goes and how much fresh noise brings it back up: σ_up² is the variance of DDPM's
 * reverse step (arXiv:2006.11239, eq. 7) in terms of σ, σ_up² + σ_down² = σ_to².
 *
 * Each operation is rounded to float32 as in the reference: for a wide step σ_down² is what is left of two nearly equal
 * numbers, and its digits are those that rounding leaves.
 */
export function ancestralSplit(from: number, to: number): { up: number; down: number } {
  const from2 = Math.fround(from * from)
  const to2 = Math.fround(to * to)
  const up2 = Math.fround(Math.fround(to2 * Math.fround(from2 - to2)) / from2)
  const up = Math.fround(Math.sqrt(up2))
  return { up, down: Math.fround(Math.sqrt(Math.max(Math.fround(to2 - Math.fround(up * up)), 0))) }
}
