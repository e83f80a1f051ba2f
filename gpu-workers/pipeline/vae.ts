/** Pictures ↔ latents. */
import { StudioError } from '@defect-studio/nodes'
import type { OnnxSession } from '../runtime/session.ts'
import type { NoiseSource } from '../schedulers/scheduler.ts'
import type { DiffusionFolder } from './model-folder.ts'

/** A picture as the VAE knows it: planes R, G, B one after the other. */
export type PixelPlanes = { width: number; height: number; data: Float32Array }

export type Vae = {
  readonly scaleFactor: number
  readonly latentChannels: number
  /** Factor on what the encoder gives before the UNet sees it. */
  readonly scalingFactor: number
  /** Whether `encode` draws noise: an encoder that gives mean and variance is sampled, as the reference does. */
  readonly samples: boolean
  /** Planes −1 … 1 → one row of latents for each of `copies` pictures, each row with noise of its own. */
  readonly encode: (pixels: PixelPlanes, copies: number, noise: NoiseSource) => Promise<Float32Array>
  /** One row of latents of `width` × `height` (in latents) → planes 0 … 1. */
  readonly decode: (latents: Float32Array, width: number, height: number) => Promise<PixelPlanes>
}

export function createVae(encoder: OnnxSession, decoder: OnnxSession, config: DiffusionFolder['vae']): Vae {
  const { scaleFactor, scalingFactor, latentChannels } = config
  const encoderOutput = encoder.outputs[0]!
  const samples = encoderOutput.shape[1] === 2 * latentChannels || encoderOutput.name === 'latent_parameters'

  return {
    scaleFactor,
    latentChannels,
    scalingFactor,
    samples,
    async encode(pixels, copies, noise) {
      const feed = { data: pixels.data, shape: [1, 3, pixels.height, pixels.width] }
      const answer = (await encoder.run({ [encoder.inputs[0]!.name]: feed }, [encoderOutput.name]))[
        encoderOutput.name
      ]!
      const channels = answer.shape[1]
      if (channels !== (samples ? 2 : 1) * latentChannels) {
        throw new StudioError(
          'model-broken',
          `The VAE encoder gives ${channels} channels; ${latentChannels} or ${2 * latentChannels} are understood.`,
        )
      }
      const row = samples ? answer.data.length / 2 : answer.data.length
      const latents = new Float32Array(copies * row)
      for (let i = 0; i < latents.length; i++) latents[i] = answer.data[i % row]!
      if (samples) addDeviation(latents, answer.data.subarray(row), noise(copies * row))
      for (let i = 0; i < latents.length; i++) latents[i] = latents[i]! * scalingFactor
      return latents
    },
    async decode(latents, width, height) {
      const feed = { data: latents.map((z) => z / scalingFactor), shape: [1, latentChannels, height, width] }
      const output = decoder.outputs[0]!.name
      const answer = (await decoder.run({ [decoder.inputs[0]!.name]: feed }, [output]))[output]!
      if (!answer.data.every(Number.isFinite)) {
        throw new StudioError(
          'model-broken',
          'The VAE gave numbers that are not finite. A half-precision export does this: use the float32 one.',
        )
      }
      const data = answer.data.map((value) => Math.min(Math.max(value / 2 + 0.5, 0), 1))
      return { width: answer.shape[3]!, height: answer.shape[2]!, data }
    },
  }
}

/** latents += e^(½ ln σ²) · noise: the sampling of a VAE (arXiv:1312.6114, eq. 10); ln σ² held to −30 … 20. */
function addDeviation(latents: Float32Array, logVariance: Float32Array, noise: Float32Array): void {
  for (let i = 0; i < latents.length; i++) {
    const bounded = Math.min(Math.max(logVariance[i % logVariance.length]!, -30), 20)
    latents[i] = latents[i]! + Math.exp(0.5 * bounded) * noise[i]!
  }
}
