/** DPM2: the midpoint solver "DPM-Solver-2" (Lu et al., arXiv:2206.00927, alg. 1) as EDM (arXiv:2206.00364) counts in σ. */
import { explodingNoise, explodingSchedule } from './exploding-schedule.ts'
import { interleave } from './interleave.ts'
import { narrowBetas } from './narrow-betas.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { predictSlope } from './predict-slope.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { timeOf } from './sigmas.ts'
import { roundHalfEven } from './timesteps.ts'

/** A run of `steps` steps, each but the last of two model calls. Defaults are those of diffusers' `KDPM2DiscreteScheduler`. */
export function createDpm2(config: NoiseScheduleConfig, steps: number, { karras = false } = {}): Scheduler {
  const plain = { ...config, rescale_betas_zero_snr: false }
  const { times, sigmas, initNoiseSigma, trained } = explodingSchedule(plain, steps, {
    karras,
    betas: narrowBetas,
  })
  const whole = karras ? times.map(roundHalfEven) : times
  // s = (λ_from + λ_to) / 2 of alg. 1 is the geometric mean in σ; the last one is 0.
  const middles = Array.from(sigmas, (sigma, k) => Math.fround(Math.sqrt(sigma * (sigmas[k + 1] ?? 0))))
  /** What the model is asked at: σ_0, middle, σ_1, middle, …, σ_last. */
  const asked = interleave(sigmas, middles)
  /** What noise is added as: the level that the whole step ends on. */
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
    step(modelOutput, i, sample) {
      const k = Math.floor(i / 2)
      const slope = predictSlope(config.prediction_type, asked[i]!, modelOutput, sample)
      if (i % 2 === 0) {
        begun = sample
        return blend(1, sample, middles[k]! - sigmas[k]!, slope)
      }
      return blend(1, begun!, sigmas[k + 1]! - sigmas[k]!, slope)
    },
  }
}
