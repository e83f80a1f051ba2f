/** DPM2 a: DPM2 that steps too far down and adds fresh noise back, as "ancestral" sampling of DDPM (arXiv:2006.11239). */
import { ancestralSplit, explodingNoise, explodingSchedule } from './exploding-schedule.ts'
import { interleave } from './interleave.ts'
import { narrowBetas } from './narrow-betas.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { predictSlope } from './predict-slope.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { timeOf } from './sigmas.ts'
import { roundHalfEven } from './timesteps.ts'

/**
 * A run of `steps` steps, each but the last of two model calls. Defaults are those of diffusers'
 * `KDPM2AncestralDiscreteScheduler`. The midpoint is DPM-Solver-2's (arXiv:2206.00927, alg. 1).
 */
export function createDpm2Ancestral(
  config: NoiseScheduleConfig,
  steps: number,
  { karras = false } = {},
): Scheduler {
  const plain = { ...config, rescale_betas_zero_snr: false }
  const { times, sigmas, initNoiseSigma, trained } = explodingSchedule(plain, steps, {
    karras,
    betas: narrowBetas,
  })
  const whole = karras ? times.map(roundHalfEven) : times
  const splits = Array.from(sigmas, (sigma, k) => ancestralSplit(sigma, sigmas[k + 1] ?? 0))
  // The geometric mean of where the step begins and where its ODE part ends; the last one is 0.
  const middles = Array.from(sigmas, (sigma, k) => Math.fround(Math.sqrt(sigma * splits[k]!.down)))
  const asked = interleave(sigmas, middles)
  const levels = [...sigmas].flatMap((sigma, k) => (k === 0 ? [sigma] : [sigma, sigma]))
  let begun: Float32Array | undefined

  return {
    timesteps: interleave(
      whole,
      middles.map((sigma) => timeOf(sigma, trained)),
    ),
    order: 2,
    initNoiseSigma,
    scaleModelInput: explodingNoise(asked).scaleModelInput,
    addNoise: explodingNoise(levels).addNoise,
    step(modelOutput, i, sample, noise) {
      const k = Math.floor(i / 2)
      const slope = predictSlope(config.prediction_type, asked[i]!, modelOutput, sample)
      if (i % 2 === 0) {
        begun = sample
        return blend(1, sample, middles[k]! - sigmas[k]!, slope)
      }
      const { up, down } = splits[k]!
      const moved = blend(1, begun!, down - sigmas[k]!, slope)
      return blend(1, moved, up, noise(sample.length))
    },
  }
}
