/** Opens the pictures that `goldens/tiny_sd.py` made with diffusers, for the tests of this folder. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { samplers } from '@defect-studio/nodes'
import { z } from 'zod'

const at = (name: string) => fileURLToPath(new URL(`../goldens/${name}`, import.meta.url))

export const tinySd = at('tiny-sd')
export const goldensFolder = at('.')

const Golden = z.object({
  width: z.number(),
  height: z.number(),
  prompt: z.string(),
  longPrompt: z.string(),
  negativePrompt: z.string(),
  cases: z.array(
    z.object({
      model: z.enum(['tiny-sd', 'tiny-sd-inpaint']),
      tool: z.enum(['text', 'long text', 'image', 'inpaint']),
      sampler: z.enum(samplers),
      steps: z.number(),
      guidanceScale: z.number(),
      strength: z.number(),
      seed: z.number(),
      offset: z.number(),
      latents: z.number(),
      pixels: z.number(),
    }),
  ),
  tokens: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
})

export const golden = Golden.parse(JSON.parse(readFileSync(at('pipeline.json'), 'utf8')))
export type GoldenCase = (typeof golden.cases)[number]

const blob = readFileSync(at('pipeline.bin'))

/** The reference's final latents and its pixels (0 … 1, channel by channel). */
export function goldenNumbers({ offset, latents, pixels }: GoldenCase): {
  latents: Float32Array
  pixels: Float32Array
} {
  const floats = (from: number, count: number) =>
    new Float32Array(blob.buffer.slice(blob.byteOffset + from, blob.byteOffset + from + 4 * count))
  return { latents: floats(offset, latents), pixels: floats(offset + 4 * latents, pixels) }
}

/** The photo and mask that the reference was given. */
export function goldenPhoto() {
  const { width, height } = golden
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    data[i] = (pixel % width) * 5 + Math.floor(pixel / width) * 7 + (i % 3) * 60
  }
  return { width, height, data }
}

export function goldenMask() {
  const { width, height } = golden
  const data = new Uint8Array(width * height)
  for (let y = 8; y < 26; y++) data.fill(255, y * width + 13, y * width + 37)
  return { width, height, data }
}
