/** Brings a photo to what an image encoder was trained on, as its `preprocessor_config.json` says. */
import sharp from 'sharp'
import { z } from 'zod'
import type { RgbImage } from '../images/raster.ts'

const Sides = z.union([
  z.int().min(1).max(2048),
  z.object({ shortest_edge: z.int().min(1).max(2048) }).transform(({ shortest_edge }) => shortest_edge),
  z.object({ height: z.int().min(1).max(2048), width: z.int().min(1).max(2048) }),
])
const Triple = z.tuple([z.number(), z.number(), z.number()])

/** The fields of transformers' CLIPImageProcessor that change pixels; its own defaults where one is absent. */
export const PhotoPreparation = z.object({
  do_resize: z.boolean().default(true),
  /** A number is the shorter side; two are exact, whatever that does to the proportions. */
  size: Sides.default(224),
  /** PIL's numbers: 1 Lanczos, 2 bilinear, 3 bicubic. */
  resample: z.int().default(3),
  do_center_crop: z.boolean().default(true),
  crop_size: Sides.default(224),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  // CLIP's own (Radford et al., arXiv:2103.00020).
  image_mean: Triple.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: Triple.refine((std) => std.every((one) => one > 0), 'image_std must be above 0').default([
    0.26862954, 0.26130258, 0.27577711,
  ]),
})
export type PhotoPreparation = z.infer<typeof PhotoPreparation>

/** A float for each channel and pixel, [1, 3, height, width]. */
export async function preparePhoto(
  photo: RgbImage,
  preparation: PhotoPreparation,
): Promise<{ data: Float32Array; shape: [number, number, number, number] }> {
  const { data, width, height } = await fitted(photo, preparation)
  const { do_rescale, rescale_factor, do_normalize, image_mean, image_std } = preparation
  const factor = do_rescale ? rescale_factor : 1
  const size = width * height
  const planes = new Float32Array(3 * size)
  for (let c = 0; c < 3; c++) {
    const [mean, std] = do_normalize ? [image_mean[c]!, image_std[c]!] : [0, 1]
    for (let i = 0; i < size; i++) planes[c * size + i] = (data[3 * i + c]! * factor - mean) / std
  }
  return { data: planes, shape: [1, 3, height, width] }
}

async function fitted(
  photo: RgbImage,
  { do_resize, size, resample, do_center_crop, crop_size }: PhotoPreparation,
) {
  let pixels = sharp(photo.data, {
    raw: { width: photo.width, height: photo.height, channels: 3 },
    limitInputPixels: false,
  })
  let [width, height] = [photo.width, photo.height]
  if (do_resize) {
    ;[width, height] = typeof size === 'number' ? shorterSide(photo, size) : [size.width, size.height]
    const kernel = resample === 1 ? 'lanczos3' : resample === 2 ? 'linear' : 'cubic'
    pixels = pixels.resize(width, height, { fit: 'fill', kernel })
  }
  if (do_center_crop) {
    const wanted = typeof crop_size === 'number' ? { width: crop_size, height: crop_size } : crop_size
    // A side that is too short is left as it is: padding with black would be seen as something.
    const [w, h] = [Math.min(wanted.width, width), Math.min(wanted.height, height)]
    const [left, top] = [Math.floor((width - w) / 2), Math.floor((height - h) / 2)]
    pixels = sharp(await pixels.raw().toBuffer(), { raw: { width, height, channels: 3 } }).extract({
      left,
      top,
      width: w,
      height: h,
    })
    ;[width, height] = [w, h]
  }
  return { data: await pixels.raw({ depth: 'uchar' }).toBuffer(), width, height }
}

function shorterSide({ width, height }: RgbImage, side: number): [number, number] {
  const factor = side / Math.min(width, height)
  // The longer side is cut off, not rounded, as transformers does it.
  return width < height ? [side, Math.floor(height * factor)] : [Math.floor(width * factor), side]
}
