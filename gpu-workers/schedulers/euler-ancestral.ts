/** Euler a: Euler that steps too far down and adds fresh noise back, as "ancestral" sampling of DDPM (arXiv:2006.11239). */
import { ancestralSplit, explodingNoise, explodingSchedule } from './exploding-schedule.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { predictSlope } from './predict-slope.ts'
import { blend, type Scheduler } from './scheduler.ts'

/** A run of `steps` steps. Defaults are those of diffusers' `EulerAncestralDiscreteScheduler`. */
export function createEulerAncestral(config: NoiseScheduleConfig, steps: number): Scheduler {
  const { times, sigmas, initNoiseSigma } = explodingSchedule(config, steps)
  const levels = [...sigmas, 0]

  return {
    timesteps: times,
    order: 1,
    initNoiseSigma,
    ...explodingNoise(levels),
    step(modelOutput, i, sample, noise) {
      const sigma = levels[i]!
      const { up, down } = ancestralSplit(sigma, levels[i + 1]!)
      const slope = predictSlope(config.prediction_type, sigma, modelOutput, sample)
      const moved = blend(1, sample, down - sigma, slope)
      // Drawn in the last step too, where up = 0, so that the stream of numbers stays in step with the reference.
      return blend(1, moved, up, noise(sample.length))
    },
  }
}
