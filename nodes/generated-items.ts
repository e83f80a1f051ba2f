/** Names the pictures that one diffusion call made: one keeps its item's name, several get a number. */
import type { GeneratedImages } from './activities.ts'
import { numberedName } from './item-names.ts'
import type { ImageRef, Made } from './ports.ts'

/** `metal.png` with three pictures becomes `metal-1.png`, `metal-2.png`, `metal-3.png`. */
export function generatedItems(
  name: string,
  { images, notes }: GeneratedImages,
  from: { prompt: string; negativePrompt: string; model: string },
): { name: string; value: ImageRef; made: Partial<Made> }[] {
  return images.map(({ image, seed, certificate }, index) => ({
    name: images.length === 1 ? name : numberedName(name, index + 1),
    value: image,
    made: {
      seed,
      model: from.model,
      prompt: from.prompt,
      ...(from.negativePrompt ? { negativePrompt: from.negativePrompt } : {}),
      ...(certificate ? { certificate } : {}),
      ...(notes.length > 0 ? { notes } : {}),
    },
  }))
}
