/** Heun: the second-order solver of EDM (Karras et al., arXiv:2206.00364), alg. 1: Euler, then corrected where it arrived. */
import { explodingNoise, explodingSchedule } from './exploding-schedule.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { predictSlope } from './predict-slope.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { narrowBetas } from './narrow-betas.ts'

/** A run of `steps` steps, each but the last of two model calls. Defaults are those of diffusers' `HeunDiscreteScheduler`. */
export function createHeun(config: NoiseScheduleConfig, steps: number): Scheduler {
  const plain = { ...config, rescale_betas_zero_snr: false }
  const { times, sigmas, initNoiseSigma } = explodingSchedule(plain, steps, { betas: narrowBetas })
  const twice = <T>(values: Iterable<T>) =>
    [...values].flatMap((value, i) => (i === 0 ? [value] : [value, value]))
  const levels = [...twice(sigmas), 0]
  const clip = config.clip_sample ? config.clip_sample_range : Infinity
  let tried: { sample: Float32Array; slope: Float32Array; width: number } | undefined

  return {
    timesteps: twice(times),
    order: 2,
    initNoiseSigma,
    ...explodingNoise(levels),
    step(modelOutput, i, sample) {
      const slope = predictSlope(config.prediction_type, levels[i]!, modelOutput, sample, clip)
      if (!tried) {
        const width = levels[i + 1]! - levels[i]!
        tried = { sample, slope, width }
        return blend(1, sample, width, slope)
      }
      // Lines 6–8: the mean of the slopes at both ends, from where the step began.
      const begun = tried
      tried = undefined
      return blend(1, begun.sample, begun.width, blend(0.5, begun.slope, 0.5, slope))
    },
  }
}
