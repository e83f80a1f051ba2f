/** Opens the pictures that `goldens/tiny_sd.py` made with diffusers, for the tests of this folder. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PictureCase } from '../parity/picture-case.ts'

const at = (name: string) => fileURLToPath(new URL(`../goldens/${name}`, import.meta.url))

export const tinySd = at('tiny-sd')
export const goldensFolder = at('.')

const Golden = z.object({
  width: z.number(),
  height: z.number(),
  prompt: z.string(),
  longPrompt: z.string(),
  negativePrompt: z.string(),
  cases: z.array(PictureCase.extend({ offset: z.number() })),
  tokens: z.array(z.object({ text: z.string(), ids: z.array(z.number()) })),
})

export const golden = Golden.parse(JSON.parse(readFileSync(at('pipeline.json'), 'utf8')))
export type GoldenCase = (typeof golden.cases)[number]

const blob = readFileSync(at('pipeline.bin'))

/** The reference's final latents, and its pixels (0 … 1, channel by channel) as its bytes say them. */
export function goldenNumbers({ offset, latents, pixels }: GoldenCase): {
  latents: Float32Array
  pixels: Float32Array
} {
  const start = blob.byteOffset + offset
  const bytes = new Uint8Array(blob.buffer, start + 4 * latents, pixels)
  return {
    latents: new Float32Array(blob.buffer.slice(start, start + 4 * latents)),
    pixels: Float32Array.from(bytes, (byte) => byte / 255),
  }
}
