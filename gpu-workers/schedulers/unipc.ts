/** UniPC: predictor and corrector that share their model calls, "UniPC", Zhao et al., arXiv:2302.04867. */
import { predictOriginal, preservingSchedule, type NoiseLevel } from './noise-level.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { markedTimesteps } from './timesteps.ts'

/** A step that was made: from where, at which index, of which order. */
type Made = { sample: Float32Array; order: 1 | 2 }

/** A run of `steps` steps: order 2, B₂(h), x₀ predicted. Defaults are those of diffusers' `UniPCMultistepScheduler`. */
export function createUniPc(config: NoiseScheduleConfig, steps: number): Scheduler {
  const times = markedTimesteps(config.timestep_spacing ?? 'linspace', steps, config)
  const { timesteps, levels } = preservingSchedule(config, times, false)
  /** Predicted x₀ of the steps made, newest first, two at most. */
  let originals: Float32Array[] = []
  let last: Made | undefined

  return {
    timesteps,
    order: 1,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    addNoise: (original, noise, i) => blend(levels[i]!.alpha, original, levels[i]!.sigma, noise),
    step(modelOutput, i, sample) {
      const original = predictOriginal(config.prediction_type, levels[i]!, modelOutput, sample)
      const corrected = last ? correct(levels, i, last, originals, original) : sample
      originals = [original, ...originals].slice(0, 2)
      // The last step is of order 1: behind it there is nothing to correct it.
      const order = i < steps - 1 && originals.length === 2 ? 2 : 1
      last = { sample: corrected, order }
      return predict(levels, i, last, originals)
    },
  }
}

/** UniP, alg. 2: from index i to the next, ρ = ½ for order 2 (section 3.3). */
function predict(
  levels: readonly NoiseLevel[],
  i: number,
  { sample, order }: Made,
  [newest, before]: readonly Float32Array[],
): Float32Array {
  const from = levels[i]!
  const to = levels[i + 1]!
  const h = to.lambda - from.lambda
  const bh = Math.expm1(-h)
  const moved = blend(to.sigma / from.sigma, sample, -to.alpha * bh, newest!)
  if (order === 1) return moved
  const r = (levels[i - 1]!.lambda - from.lambda) / h
  return blend(1, moved, (-to.alpha * bh * 0.5) / r, blend(1, before!, -1, newest!))
}

/** UniC, alg. 1: the step from i − 1 to i once more, now that the model has seen where it arrived. */
function correct(
  levels: readonly NoiseLevel[],
  i: number,
  { sample, order }: Made,
  [newest, before]: readonly Float32Array[],
  arrived: Float32Array,
): Float32Array {
  const from = levels[i - 1]!
  const to = levels[i]!
  const h = to.lambda - from.lambda
  const bh = Math.expm1(-h)
  const moved = blend(to.sigma / from.sigma, sample, -to.alpha * bh, newest!)
  const change = blend(1, arrived, -1, newest!)
  if (order === 1) return blend(1, moved, -to.alpha * bh * 0.5, change)
  // Eq. 10: [[1, 1], [r, 1]] ρ = b with b_k = k! φ_(k+1)(−h) (−h) / B(h).
  const r = (levels[i - 2]!.lambda - from.lambda) / h
  const phi2 = bh / -h - 1
  const phi3 = phi2 / -h - 0.5
  const b1 = phi2 / bh
  const b2 = (2 * phi3) / bh
  const older = (b1 - b2) / (1 - r)
  const earlier = blend(1, moved, (-to.alpha * bh * older) / r, blend(1, before!, -1, newest!))
  return blend(1, earlier, -to.alpha * bh * (b1 - older), change)
}
