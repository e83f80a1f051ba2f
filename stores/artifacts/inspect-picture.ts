/** Looks at a few pictures at a time, however many come in: decoding takes memory, and bounds are the same everywhere. */
import { createGate } from './gate.ts'
import { type ImageLimits, inspectImage, type InspectedImage } from './inspect-image.ts'

/** What a picture that comes from outside may have: 64 MB of file, 40 megapixels. */
export const pictureLimits = { maxBytes: 64 * 1024 * 1024, maxPixels: 40_000_000 }

// A decoded 40-megapixel picture takes up to 160 MB: two at a time keep the process small.
const decoding = createGate(2)

/** `inspectImage`, two at a time. @throws ImageProblem as that does. */
export function inspectPicture(
  bytes: Uint8Array,
  limits: ImageLimits = pictureLimits,
): Promise<InspectedImage> {
  return decoding(() => inspectImage(bytes, limits))
}
