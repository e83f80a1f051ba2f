/** DDIM, deterministic (η = 0): "Denoising diffusion implicit models", Song et al., arXiv:2010.02502. */
import { alphasCumprod, type NoiseScheduleConfig } from './noise-schedule.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { roundHalfEven, spacedTimesteps } from './timesteps.ts'

/** A DDIM run of `steps` steps (1 … trained times). Defaults are diffusers' `DDIMScheduler`. */
export function createDdim(config: NoiseScheduleConfig, steps: number): Scheduler {
  const alphaBars = alphasCumprod(config)
  const stride = Math.floor(config.num_train_timesteps / steps)
  const timesteps = spacedTimesteps(config.timestep_spacing ?? 'leading', steps, config).map(roundHalfEven)
  const finalAlphaBar = config.set_alpha_to_one ? 1 : alphaBars[0]!
  const clip = (config.clip_sample ?? true) ? config.clip_sample_range : Infinity
  const alphaBarAt = (t: number) => (t >= 0 ? alphaBars[Math.min(t, alphaBars.length - 1)]! : finalAlphaBar)

  return {
    timesteps,
    order: 1,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    addNoise(original, noise, i) {
      // DDPM (arXiv:2006.11239), eq. 4: x_t = √ᾱ x₀ + √(1 − ᾱ) ε
      const alphaBar = alphaBarAt(timesteps[i]!)
      return blend(Math.sqrt(alphaBar), original, Math.sqrt(1 - alphaBar), noise)
    },
    step(modelOutput, i, sample) {
      // Eq. 12 with σ_t = 0: x_{t−1} = √ᾱ_{t−1} · predicted x₀ + √(1 − ᾱ_{t−1}) · ε_θ
      const alphaBar = alphaBarAt(timesteps[i]!)
      const previous = alphaBarAt(timesteps[i]! - stride)
      const signal = Math.sqrt(alphaBar)
      const noisiness = Math.sqrt(1 - alphaBar)
      const previousSignal = Math.sqrt(previous)
      const previousNoisiness = Math.sqrt(1 - previous)
      const out = new Float32Array(sample.length)
      for (let k = 0; k < out.length; k++) {
        const x = sample[k]!
        const m = modelOutput[k]!
        let original: number
        let epsilon: number
        if (config.prediction_type === 'epsilon') {
          original = (x - noisiness * m) / signal
          epsilon = m
        } else if (config.prediction_type === 'v_prediction') {
          // v = √ᾱ ε − √(1 − ᾱ) x₀: "Progressive distillation" (arXiv:2202.00512), appendix D
          original = signal * x - noisiness * m
          epsilon = signal * m + noisiness * x
        } else {
          original = m
          epsilon = (x - signal * m) / noisiness
        }
        original = Math.min(Math.max(original, -clip), clip)
        out[k] = previousSignal * original + previousNoisiness * epsilon
      }
      return out
    },
  }
}
