/** Turns a checkpoint's `scheduler_config.json` into the numbers that every sampler starts from: ᾱ_t, σ_t and times. */
import { z } from 'zod'

export const PredictionType = z.enum(['epsilon', 'v_prediction', 'sample'])
export type PredictionType = z.infer<typeof PredictionType>

const TimestepSpacing = z.enum(['linspace', 'leading', 'trailing'])
export type TimestepSpacing = z.infer<typeof TimestepSpacing>

/**
 * The fields of `scheduler_config.json` that any of our samplers reads; all others are ignored. What is absent stays
 * absent, since each sampler has its own default, as the classes of diffusers have.
 */
export const NoiseScheduleConfig = z.object({
  num_train_timesteps: z.int().min(1).default(1000),
  beta_start: z.number().default(0.0001),
  beta_end: z.number().default(0.02),
  beta_schedule: z.enum(['linear', 'scaled_linear']).default('linear'),
  trained_betas: z.array(z.number()).nullish(),
  prediction_type: PredictionType.default('epsilon'),
  timestep_spacing: TimestepSpacing.optional(),
  steps_offset: z.int().default(0),
  rescale_betas_zero_snr: z.boolean().default(false),
  clip_sample: z.boolean().optional(),
  clip_sample_range: z.number().default(1),
  set_alpha_to_one: z.boolean().default(true),
  use_karras_sigmas: z.boolean().default(false),
})
export type NoiseScheduleConfig = z.infer<typeof NoiseScheduleConfig>

/**
 * ᾱ_t = ∏ (1 − β_s), s ≤ t: DDPM (arXiv:2006.11239), eq. 4. One number for each training time, rounded to float32 as
 * the reference keeps them. 'scaled_linear' is linear in √β (latent diffusion, arXiv:2112.10752).
 */
export function alphasCumprod(config: NoiseScheduleConfig): Float32Array {
  const betas = config.trained_betas ? Float32Array.from(config.trained_betas) : makeBetas(config)
  const cumprod = cumulativeProduct(betas)
  return config.rescale_betas_zero_snr ? cumulativeProduct(zeroTerminalSnr(cumprod)) : cumprod
}

function makeBetas(config: NoiseScheduleConfig): Float32Array {
  const { beta_start, beta_end, num_train_timesteps: count } = config
  if (config.beta_schedule === 'linear') return Float32Array.from(linspace(beta_start, beta_end, count))
  const roots = Float32Array.from(linspace(Math.sqrt(beta_start), Math.sqrt(beta_end), count))
  return roots.map((root) => root * root)
}

function cumulativeProduct(betas: Float32Array): Float32Array {
  let product = 1
  return betas.map((beta) => (product *= Math.fround(1 - beta)))
}

/** New betas whose last ᾱ is zero, the first unchanged: "Common diffusion noise schedules…" (arXiv:2305.08891), alg. 1. */
function zeroTerminalSnr(cumprod: Float32Array): Float32Array {
  const roots = cumprod.map(Math.sqrt)
  const first = roots[0]!
  const last = roots[roots.length - 1]!
  const shifted = roots.map(
    (root) => Math.fround(root - last) * Math.fround(first / Math.fround(first - last)),
  )
  const bars = shifted.map((root) => root * root)
  return bars.map((bar, t) => 1 - (t === 0 ? bar : Math.fround(bar / bars[t - 1]!)))
}

/** σ_t = √((1 − ᾱ_t) / ᾱ_t), the noise level in the variance-exploding view (EDM, arXiv:2206.00364, table 1). */
export function sigmasOf(alphaBars: Float32Array, config: NoiseScheduleConfig): Float32Array {
  const bars = Float32Array.from(alphaBars)
  // With zero terminal SNR the last σ would be infinite; 2^-24 is what the reference puts there.
  if (config.rescale_betas_zero_snr) bars[bars.length - 1] = 2 ** -24
  return bars.map((bar) => Math.sqrt(Math.fround(Math.fround(1 - bar) / bar)))
}

/**
 * `steps` model times from high to low: arXiv:2305.08891, table 2. 'linspace' may give fractions; round where the
 * sampler indexes by time.
 */
export function spacedTimesteps(
  spacing: TimestepSpacing,
  steps: number,
  config: NoiseScheduleConfig,
): number[] {
  const trained = config.num_train_timesteps
  if (spacing === 'linspace') return linspace(0, trained - 1, steps).reverse()
  if (spacing === 'leading') {
    const ratio = Math.floor(trained / steps)
    return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * ratio + config.steps_offset)
  }
  const ratio = trained / steps
  return Array.from({ length: steps }, (_, i) => roundHalfEven(trained - i * ratio) - 1)
}

/** `count` numbers from `start` to `end`, both included; a single number is `start`. */
export function linspace(start: number, end: number, count: number): number[] {
  const step = count > 1 ? (end - start) / (count - 1) : 0
  return Array.from({ length: count }, (_, i) => (count > 1 && i === count - 1 ? end : start + i * step))
}

/** Rounds as numpy does: a half goes to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  if (x - floor !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}

/** σ between two training times, linear in t. */
export function sigmaAt(t: number, sigmas: Float32Array): number {
  const low = Math.min(Math.max(Math.floor(t), 0), sigmas.length - 1)
  const high = Math.min(low + 1, sigmas.length - 1)
  return sigmas[low]! + (t - low) * (sigmas[high]! - sigmas[low]!)
}

/** The model time of a noise level, linear in ln σ: the inverse of `sigmaAt`, for schedules made of σ. */
export function timeOf(sigma: number, sigmas: Float32Array): number {
  const logSigma = Math.log(Math.max(sigma, 1e-10))
  let low = 0
  while (low < sigmas.length - 2 && Math.log(sigmas[low + 1]!) <= logSigma) low++
  const logLow = Math.log(sigmas[low]!)
  const weight = (logLow - logSigma) / (logLow - Math.log(sigmas[low + 1]!))
  return low + Math.min(Math.max(weight, 0), 1)
}

/** σ_i = (σ_max^(1/ρ) + i/(n−1) · (σ_min^(1/ρ) − σ_max^(1/ρ)))^ρ with ρ = 7: EDM (arXiv:2206.00364), eq. 5. */
export function karrasSigmas(sigmas: Float32Array, steps: number): number[] {
  const rho = 7
  const low = sigmas[0]! ** (1 / rho)
  const high = sigmas[sigmas.length - 1]! ** (1 / rho)
  return linspace(0, 1, steps).map((ramp) => (high + ramp * (low - high)) ** rho)
}
