/** What every sampler offers to the denoising loop, whatever its mathematics. */

/**
 * One run of a diffusion sampler over a fixed number of steps. It may keep history between steps: make a new one for
 * every picture. Samples are flat float32 latents; index `i` counts the entries of `timesteps`.
 */
export type Scheduler = {
  /** Model times t, from noise to picture. May hold fractions; a second-order sampler lists a time twice. */
  readonly timesteps: readonly number[]
  /** Model calls per step: 1, or 2 for second-order samplers. */
  readonly order: number
  /** Factor on unit noise when a picture starts from nothing but noise. */
  readonly initNoiseSigma: number
  /** The sample as the model wants to see it at index `i`. Does not change its argument. */
  readonly scaleModelInput: (sample: Float32Array, i: number) => Float32Array
  /** One move from index `i` to the next: what the model said about `sample` → the less noisy sample. */
  readonly step: (
    modelOutput: Float32Array,
    i: number,
    sample: Float32Array,
    noise: NoiseSource,
  ) => Float32Array
  /** `original` with as much of `noise` as belongs to index `i`. */
  readonly addNoise: (original: Float32Array, noise: Float32Array, i: number) => Float32Array
}

/** Draws N(0, 1) numbers for samplers that add fresh noise in each step. */
export type NoiseSource = (count: number) => Float32Array

/** a · x + b · y, element by element: the shape of nearly every sampler formula. */
export function blend(a: number, x: Float32Array, b: number, y: Float32Array): Float32Array {
  const out = new Float32Array(x.length)
  for (let i = 0; i < out.length; i++) out[i] = a * x[i]! + b * y[i]!
  return out
}

/** a · x, element by element. */
export function scale(a: number, x: Float32Array): Float32Array {
  const out = new Float32Array(x.length)
  for (let i = 0; i < out.length; i++) out[i] = a * x[i]!
  return out
}
