/** Euler: the first-order solver of the probability-flow ODE, EDM (Karras et al., arXiv:2206.00364), alg. 1. */
import { explodingNoise, explodingSchedule } from './exploding-schedule.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { predictSlope } from './predict-slope.ts'
import { blend, type Scheduler } from './scheduler.ts'

/** A run of `steps` steps without churn. Defaults are those of diffusers' `EulerDiscreteScheduler`. */
export function createEuler(config: NoiseScheduleConfig, steps: number): Scheduler {
  const { times, sigmas, initNoiseSigma, trained } = explodingSchedule(config, steps)
  const last = config.final_sigmas_type === 'sigma_min' ? trained[0]! : 0
  const levels = [...sigmas, last]

  return {
    timesteps: times,
    order: 1,
    initNoiseSigma,
    ...explodingNoise(levels),
    step(modelOutput, i, sample) {
      const sigma = levels[i]!
      const slope = predictSlope(config.prediction_type, sigma, modelOutput, sample)
      return blend(1, sample, levels[i + 1]! - sigma, slope)
    },
  }
}
