/** Places a run's steps on the times that a model was trained on: arXiv:2305.08891, table 2. */
import { linspace, type NoiseScheduleConfig, type TimestepSpacing } from './noise-schedule.ts'

/**
 * `steps` model times from high to low. 'linspace' gives fractions; round where the sampler indexes by time.
 */
export function spacedTimesteps(
  spacing: TimestepSpacing,
  steps: number,
  config: NoiseScheduleConfig,
): number[] {
  const trained = config.num_train_timesteps
  if (spacing === 'trailing') return trailingTimesteps(steps, trained)
  if (spacing === 'linspace')
    return linspace(0, trained - 1, steps)
      .map(Math.fround)
      .reverse()
  const ratio = Math.floor(trained / steps)
  return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + config.steps_offset)
}

/** As above for the DPM-Solver family, which places `steps + 1` marks and leaves out the last. All are whole. */
export function markedTimesteps(
  spacing: TimestepSpacing,
  steps: number,
  config: NoiseScheduleConfig,
): number[] {
  const trained = config.num_train_timesteps
  if (spacing === 'trailing') return trailingTimesteps(steps, trained)
  if (spacing === 'linspace')
    return linspace(0, trained - 1, steps + 1)
      .map(roundHalfEven)
      .reverse()
      .slice(0, -1)
  const ratio = Math.floor(trained / (steps + 1))
  return Array.from({ length: steps }, (_, i) => (steps - i) * ratio + config.steps_offset)
}

/**
 * The stride is rounded as numpy's `arange` does, which decides what becomes of halves. Where rounding makes `arange`
 * go one time too far (1,000 times at 61, 103, 121 or 122 steps), the reference makes a step at time −1; we do not.
 */
function trailingTimesteps(steps: number, trained: number): number[] {
  const stride = trained - trained / steps - trained
  return Array.from({ length: steps }, (_, i) => roundHalfEven(trained + i * stride) - 1)
}

/** Rounds as numpy does: a half goes to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  if (x - floor !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}
