/** Turns a checkpoint's `scheduler_config.json` into what every sampler starts from: the noise that the model was trained on. */
import { z } from 'zod'

export const PredictionType = z.enum(['epsilon', 'v_prediction', 'sample'])
export type PredictionType = z.infer<typeof PredictionType>

const TimestepSpacing = z.enum(['linspace', 'leading', 'trailing'])
export type TimestepSpacing = z.infer<typeof TimestepSpacing>

const BetaSchedule = z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2'])

/**
 * The fields of `scheduler_config.json` that say how the model was trained and how its times are placed. What is absent
 * stays absent where the classes of diffusers have different defaults.
 *
 * Fields that choose an algorithm (`_class_name`, `algorithm_type`, `solver_order`, `use_karras_sigmas`, …) are ignored:
 * the sampler that a person names decides those. Fields that would make the model mean something else are refused.
 */
export const NoiseScheduleConfig = z
  .object({
    num_train_timesteps: z.int().min(1).default(1000),
    beta_start: z.number().optional(),
    beta_end: z.number().optional(),
    beta_schedule: BetaSchedule.optional(),
    trained_betas: z.array(z.number()).min(1).nullish(),
    prediction_type: PredictionType.default('epsilon'),
    timestep_spacing: TimestepSpacing.optional(),
    steps_offset: z.int().default(0),
    rescale_betas_zero_snr: z.boolean().default(false),
    final_sigmas_type: z.enum(['zero', 'sigma_min']).default('zero'),
    sigma_min: z.number().positive().nullish(),
    sigma_max: z.number().positive().nullish(),
    clip_sample: z.boolean().optional(),
    clip_sample_range: z.number().default(1),
    set_alpha_to_one: z.boolean().default(true),
    original_inference_steps: z.int().min(1).default(50),
    timestep_scaling: z.number().default(10),
    _class_name: z.string().optional(),
    thresholding: unserved(true),
    use_flow_sigmas: unserved(true),
    timestep_type: unserved('continuous'),
    variance_type: unserved('learned', 'learned_range'),
  })
  .refine(({ _class_name: name }) => !/FlowMatch|EDM/.test(name ?? ''), {
    path: ['_class_name'],
    message: 'the model was trained for flow matching or EDM, which no sampler here follows',
  })
export type NoiseScheduleConfig = z.infer<typeof NoiseScheduleConfig>

/** A field that may say anything but these values, under which a model answers what no sampler here understands. */
function unserved(...values: readonly (string | boolean)[]) {
  return z
    .unknown()
    .refine((value) => !values.some((one) => one === value), {
      error: ({ input }) => `${String(input)} is not served`,
    })
    .optional()
}

/** What a class of diffusers takes where the config is silent. */
export type BetaDefaults = {
  start: number
  end: number
  schedule: z.infer<typeof BetaSchedule>
}
const usualBetas: BetaDefaults = { start: 0.0001, end: 0.02, schedule: 'linear' }

/**
 * ᾱ_t = ∏ (1 − β_s), s ≤ t: DDPM (arXiv:2006.11239), eq. 4. One number for each training time, rounded to float32 as
 * the reference keeps them.
 */
export function alphasCumprod(config: NoiseScheduleConfig, defaults = usualBetas): Float32Array {
  const betas = config.trained_betas ? Float32Array.from(config.trained_betas) : makeBetas(config, defaults)
  const cumprod = cumulativeProduct(betas)
  return config.rescale_betas_zero_snr ? cumulativeProduct(zeroTerminalSnr(cumprod)) : cumprod
}

function makeBetas(config: NoiseScheduleConfig, defaults: BetaDefaults): Float32Array {
  const count = config.num_train_timesteps
  const start = config.beta_start ?? defaults.start
  const end = config.beta_end ?? defaults.end
  const schedule = config.beta_schedule ?? defaults.schedule
  if (schedule === 'squaredcos_cap_v2') return cosineBetas(count)
  if (schedule === 'linear') return Float32Array.from(linspace(start, end, count))
  // Linear in √β: latent diffusion (arXiv:2112.10752).
  const roots = Float32Array.from(linspace(Math.sqrt(start), Math.sqrt(end), count))
  return roots.map((root) => root * root)
}

/** ᾱ falls as cos², β at most 0.999: "Improved DDPM" (arXiv:2102.09672), eq. 17. */
function cosineBetas(count: number): Float32Array {
  const bar = (t: number) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2
  return Float32Array.from({ length: count }, (_, i) =>
    Math.min(1 - bar((i + 1) / count) / bar(i / count), 0.999),
  )
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

/** `count` numbers from `start` to `end`, both included; a single number is `start`. */
export function linspace(start: number, end: number, count: number): number[] {
  const step = count > 1 ? (end - start) / (count - 1) : 0
  return Array.from({ length: count }, (_, i) => (count > 1 && i === count - 1 ? end : start + i * step))
}
