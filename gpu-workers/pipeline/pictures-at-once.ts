/** Estimates how many pictures one call of the UNet may hold, so that memory is rarely found short in the middle of work. */

// The largest things in a UNet of Stable Diffusion's layout lie at its full latent size: the attention scores of 8
// heads before and after softmax (a model whose attention is one fused operator never holds them, and is
// underestimated), and some 24 feature maps of 320 channels that wait for the way up. All in float32.
const HEADS = 8
const SCORES = 2
const CHANNELS = 320
const MAPS = 24
const FLOAT = 4

// What else runs on the machine moves, and estimates err.
const USABLE = 0.8

/** Bytes that one row of a UNet call takes while it computes; `width` and `height` in latents. */
export function rowBytes({ width, height }: { width: number; height: number }): number {
  const tokens = width * height
  return FLOAT * (HEADS * SCORES * tokens ** 2 + MAPS * CHANNELS * tokens)
}

/** @param freeBytes memory of the device that nothing takes yet. At least 1: whether one fits is for the device to say. */
export function picturesAtOnce(
  latents: { width: number; height: number },
  guided: boolean,
  freeBytes: number,
): number {
  const rows = guided ? 2 : 1
  return Math.max(1, Math.floor((freeBytes * USABLE) / (rows * rowBytes(latents))))
}
