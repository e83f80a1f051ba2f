/** Noise levels σ in the variance-exploding view x = x₀ + σ ε (EDM, arXiv:2206.00364), and their places in time. */
import { alphasCumprod, linspace, type BetaDefaults, type NoiseScheduleConfig } from './noise-schedule.ts'

/** σ_t = √((1 − ᾱ_t) / ᾱ_t), one for each training time: EDM, table 1. */
export function trainedSigmas(config: NoiseScheduleConfig, defaults?: BetaDefaults): Float32Array {
  const bars = alphasCumprod(config, defaults)
  // With zero terminal SNR the last σ would be infinite; 2^-24 is what the reference puts there.
  if (config.rescale_betas_zero_snr) bars[bars.length - 1] = 2 ** -24
  return bars.map((bar) => Math.sqrt(Math.fround(Math.fround(1 - bar) / bar)))
}

/** σ between two training times, linear in t; the ends beyond them. */
export function sigmaAt(t: number, sigmas: Float32Array): number {
  const low = Math.min(Math.max(Math.floor(t), 0), sigmas.length - 1)
  const high = Math.min(low + 1, sigmas.length - 1)
  return sigmas[low]! + Math.max(t - low, 0) * (sigmas[high]! - sigmas[low]!)
}

/** The model time of a noise level, linear in ln σ: the inverse of `sigmaAt`, for schedules made of σ. */
export function timeOf(sigma: number, sigmas: Float32Array): number {
  if (sigmas.length < 2) return 0
  const logSigma = Math.log(Math.max(sigma, 1e-10))
  const log = (i: number) => Math.fround(Math.log(sigmas[i]!))
  // The last training time whose level is not above, by halving: levels rise with time.
  let low = 0
  let high = sigmas.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (log(middle) <= logSigma) low = middle
    else high = middle
  }
  const weight = Math.min(Math.max((log(low) - logSigma) / (log(low) - log(low + 1)), 0), 1)
  return (1 - weight) * low + weight * (low + 1)
}

/**
 * σ_i = (σ_max^(1/ρ) + i/(n−1) · (σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ with ρ = 7: EDM, eq. 5. The checkpoint's own `sigma_min`
 * and `sigma_max` come before the given ends.
 */
export function karrasSigmas(
  ends: { low: number; high: number },
  steps: number,
  config: NoiseScheduleConfig,
): number[] {
  const rho = 7
  const low = (config.sigma_min ?? ends.low) ** (1 / rho)
  const high = (config.sigma_max ?? ends.high) ** (1 / rho)
  return linspace(0, 1, steps).map((ramp) => (high + ramp * (low - high)) ** rho)
}
