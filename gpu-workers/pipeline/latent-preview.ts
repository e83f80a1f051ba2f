/** A rough picture straight from latents, without the decoder: colours as a weighted sum of the latent channels. */
import { createRandomGenerator } from '../runtime/random.ts'
import type { RgbImage } from '../images/raster.ts'
import { alphasCumprod, type NoiseScheduleConfig } from '../schedulers/noise-schedule.ts'
import type { ModelCall } from './denoise.ts'
import type { Vae } from './vae.ts'

/** For each latent channel its part in red, green and blue, and at the end what is added: in units where −1 is black, 1 white. */
export type RgbFactors = readonly (readonly [number, number, number])[]

/**
 * Stable Diffusion 1.x and 2.x, whose latents are the same: found by linear approximation of the decoder by its
 * publisher (keturn, "Decoding latents to RGB without upscaling", discuss.huggingface.co/t/23204).
 */
const stableDiffusion: RgbFactors = [
  [0.298, 0.207, 0.208],
  [0.187, 0.286, 0.173],
  [-0.158, 0.189, 0.264],
  [-0.184, -0.271, -0.473],
  [0, 0, 0],
]

/**
 * The published factors where the latents are Stable Diffusion's, else the best that a linear fit to the model's own
 * decoder gives; the fit takes one call of the decoder for 32 × 32 latents.
 */
export async function rgbFactors(vae: Vae): Promise<RgbFactors> {
  if (vae.latentChannels === 4 && vae.scaleFactor === 8 && vae.scalingFactor === 0.18215)
    return stableDiffusion
  return fitRgbFactors(vae)
}

// Patches of one latent each, so that the decoder shows a colour and not an edge; only their middles are looked at.
const side = 32
const patch = 4

async function fitRgbFactors(vae: Vae): Promise<RgbFactors> {
  const { latentChannels: channels, scaleFactor } = vae
  const patches = side / patch
  const colours = createRandomGenerator(0).normal(channels * patches * patches)
  const latents = new Float32Array(channels * side * side)
  for (let i = 0; i < latents.length; i++) {
    const c = Math.floor(i / (side * side))
    const y = Math.floor((i % (side * side)) / side)
    const x = i % side
    latents[i] = colours[(c * patches + Math.floor(y / patch)) * patches + Math.floor(x / patch)]!
  }
  const { data, width } = await vae.decode(latents, side, side)
  const size = width * width
  const rows: number[][] = []
  const answers: [number, number, number][] = []
  for (let p = 0; p < patches * patches; p++) {
    const y = (Math.floor(p / patches) + 0.5) * patch * scaleFactor
    const x = ((p % patches) + 0.5) * patch * scaleFactor
    rows.push([...Array.from({ length: channels }, (_, c) => colours[c * patches * patches + p]!), 1])
    const shown = (c: number) =>
      2 * middleOf(data.subarray(c * size, (c + 1) * size), width, x, y, scaleFactor) - 1
    answers.push([shown(0), shown(1), shown(2)])
  }
  return leastSquares(rows, answers)
}

/** The mean of the square of 2 · `radius` pixels around (x, y). */
function middleOf(plane: Float32Array, width: number, x: number, y: number, radius: number): number {
  let sum = 0
  for (let dy = -radius; dy < radius; dy++)
    for (let dx = -radius; dx < radius; dx++) sum += plane[(y + dy) * width + x + dx]!
  return sum / (2 * radius) ** 2
}

/** The weights for which rows · weights comes nearest to the answers: the normal equations, by Gauss and Jordan. */
function leastSquares(rows: number[][], answers: [number, number, number][]): RgbFactors {
  const n = rows[0]!.length
  // A little on the diagonal, so that a channel which shows nothing gets nothing instead of dividing by zero.
  const system = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) =>
      rows.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? 1e-6 : 0),
    ),
    ...[0, 1, 2].map((c) => rows.reduce((sum, row, k) => sum + row[i]! * answers[k]![c]!, 0)),
  ])
  for (let i = 0; i < n; i++) {
    const size = (k: number) => Math.abs(system[k]![i]!)
    let best = i
    for (let k = i + 1; k < n; k++) if (size(k) > size(best)) best = k
    const chosen = system[best]!
    system[best] = system[i]!
    const pivot = chosen.map((value) => value / chosen[i]!)
    for (const [k, row] of system.entries()) {
      const factor = row[i]!
      system[k] = k === i ? pivot : row.map((value, j) => value - factor * pivot[j]!)
    }
  }
  return system.map((row) => [row[n]!, row[n + 1]!, row[n + 2]!])
}

/** @param latents of one picture, [channels, height, width]. */
export function previewLatents(
  latents: Float32Array,
  width: number,
  height: number,
  factors: RgbFactors,
): RgbImage {
  const size = width * height
  const data = new Uint8ClampedArray(3 * size)
  const channels = factors.length - 1
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) {
      let value = factors[channels]![c]!
      for (let k = 0; k < channels; k++) value += factors[k]![c]! * latents[k * size + i]!
      data[3 * i + c] = (value / 2 + 0.5) * 255
    }
  }
  return { width, height, data }
}

/**
 * The clean latents of the first picture as the model sees them from here, whatever the sampler: x₀ of DDIM's eq. 12
 * (arXiv:2010.02502), for v-prediction that of arXiv:2202.00512, appendix D.
 *
 * @param count numbers of one picture.
 */
export function estimateLatents(
  { sample, answer, timestep }: ModelCall,
  config: NoiseScheduleConfig,
  count: number,
): Float32Array {
  const alphaBars = alphasCumprod(config)
  // Some samplers ask between two trained times; for a preview the nearest will do.
  const alphaBar = alphaBars[Math.min(Math.round(timestep), alphaBars.length - 1)]!
  const signal = Math.sqrt(alphaBar)
  const noise = Math.sqrt(1 - alphaBar)
  const kind = config.prediction_type
  const [a, b] =
    kind === 'sample' ? [0, 1] : kind === 'v_prediction' ? [signal, -noise] : [1 / signal, -noise / signal]
  return Float32Array.from({ length: count }, (_, i) => a * sample[i]! + b * answer[i]!)
}
