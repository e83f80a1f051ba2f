/** LMS: linear multistep (Adams–Bashforth) of order 4 over σ, for the ODE of EDM (arXiv:2206.00364), eq. 3. */
import { explodingNoise, explodingSchedule } from './exploding-schedule.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { predictSlope } from './predict-slope.ts'
import { blend, type Scheduler } from './scheduler.ts'

const ORDER = 4

/** A run of `steps` steps. Defaults are those of diffusers' `LMSDiscreteScheduler`. */
export function createLms(config: NoiseScheduleConfig, steps: number, { karras = false } = {}): Scheduler {
  const plain = { ...config, rescale_betas_zero_snr: false }
  const { times, sigmas, initNoiseSigma } = explodingSchedule(plain, steps, { karras })
  const levels = [...sigmas, 0]
  /** Newest first. */
  let slopes: Float32Array[] = []

  return {
    timesteps: times.map(Math.fround),
    order: 1,
    initNoiseSigma,
    ...explodingNoise(levels),
    step(modelOutput, i, sample) {
      slopes = [predictSlope(config.prediction_type, levels[i]!, modelOutput, sample), ...slopes].slice(
        0,
        ORDER,
      )
      // A run that begins late weighs as if it had the steps before it, too, and leaves those out: so does the reference.
      const order = Math.min(i + 1, ORDER)
      return slopes.reduce(
        (moved, slope, k) => blend(1, moved, lagrangeIntegral(levels, i, k, order), slope),
        sample,
      )
    },
  }
}

/**
 * ∫ from σ_i to σ_(i+1) of the Lagrange polynomial that is 1 at σ_(i−k) and 0 at the other of the last `order` levels:
 * Hairer, Nørsett, Wanner, "Solving ODEs I", III.1, eq. 1.4 for uneven steps.
 */
function lagrangeIntegral(levels: readonly number[], i: number, k: number, order: number): number {
  const nodes = Array.from({ length: order }, (_, n) => levels[i - n]!)
  const polynomial = (x: number) =>
    nodes.reduce((product, node, n) => (n === k ? product : (product * (x - node)) / (nodes[k]! - node)), 1)
  // Two Gauss points are exact up to degree 3, which is order 4.
  const middle = (levels[i]! + levels[i + 1]!) / 2
  const half = (levels[i + 1]! - levels[i]!) / 2
  const offset = half / Math.sqrt(3)
  return half * (polynomial(middle - offset) + polynomial(middle + offset))
}
