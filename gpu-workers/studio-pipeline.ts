/** Joins decoding, drawing, models and encoding into what the activities ask for: files in, files out. */
import type { DrawnPictures, InferencePipeline, Picture } from '@defect-studio/activities/inference'
import { drawDefect } from './defects/draw-defect.ts'
import { fillMarked } from './fill-marked.ts'
import { fitMask } from './fit-mask.ts'
import { decodeImage, decodeMask, decodeRgba } from './images/decode-image.ts'
import { encodeMaskPng, encodePng, encodeRgbaPng } from './images/encode-png.ts'
import { isOpaque, onColour } from './images/on-colour.ts'
import type { GrayMask, RgbaImage, RgbImage } from './images/raster.ts'
import { openMaskedEdit } from './masked-edit.ts'
import { checkDrawnMask } from './masks/drawn-mask.ts'
import { randomMask } from './masks/random-mask.ts'
import type { Drawn, Pipeline } from './pipeline/index.ts'
import { watched } from './watched.ts'

/** What models can do here; the classical tools need nothing from outside. */
export type ModelTools = Pick<
  Pipeline,
  'textToImage' | 'imageToImage' | 'inpaint' | 'removeBackground' | 'fillHoles' | 'suggestPrompts' | 'upscale'
>

// A run keeps what a node gave: enough phrases to choose from, and a few kilobytes.
const mostRanked = 60

export function createStudioPipeline(models: ModelTools): InferencePipeline {
  return {
    async makeMask(input) {
      const { width, height } = input
      if (input.mode === 'random') return maskFile(randomMask(input))
      return maskFile(checkDrawnMask(fitMask(await decodeMask(input.drawn), width, height), width, height))
    },

    async drawDefect({ image, place, ...order }, { onStep, signal }) {
      const photo = await decodeImage(image)
      const where = place ? fitMask(await decodeMask(place), photo.width, photo.height) : null
      const drawn = await drawDefect({ ...order, image: photo, place: where, signal })
      onStep(1, 1)
      return { image: await photoFile(drawn.image), mask: await maskFile(drawn.mask) }
    },

    async cleanUp({ image, mask, ...order }, work) {
      const edit = await openMaskedEdit(image, mask)
      const filled = await fillMarked(models, edit, order, work)
      return { ...(await edit.finish(filled.image)), notes: [...edit.notes, ...filled.notes] }
    },

    async removeBackground({ image, model, colour }, { signal, onStep }) {
      const photo = await decodeImage(image)
      signal.throwIfAborted()
      const cut = await models.removeBackground({ model, image: photo })
      onStep(1, 1)
      const picture =
        colour === undefined ? await glassFile(cut.image) : await photoFile(onColour(cut.image, colour))
      return { image: picture, mask: await maskFile(cut.mask) }
    },

    async suggestPrompts({ image, ...order }, { signal, onStep }) {
      const photo = await decodeImage(image)
      const { prompt, ranked } = await models.suggestPrompts({ ...order, image: photo, signal, onStep })
      return { prompt, ranked: ranked.slice(0, mostRanked) }
    },

    async upscale({ image, ...order }, { signal, onStep }) {
      const photo = await decodeRgba(image)
      const large = await models.upscale({ ...order, image: photo, signal, onStep })
      return isOpaque(large) ? photoFile(onColour(large, '#ffffff')) : glassFile(large)
    },

    async textToImage(order, work) {
      return files(await models.textToImage({ ...order, ...watched(work) }))
    },

    async imageToImage({ image, ...order }, work) {
      const photo = await decodeImage(image)
      return files(await models.imageToImage({ ...order, image: photo, ...watched(work) }))
    },

    async inpaint({ image, mask, ...order }, work) {
      const edit = await openMaskedEdit(image, mask)
      const drawn = await models.inpaint({ ...order, image: edit.photo, mask: edit.mask, ...watched(work) })
      const pictures = await Promise.all(drawn.pictures.map((photo) => edit.finish(photo.image)))
      return { pictures, notes: [...edit.notes, ...drawn.notes] }
    },
  }
}

async function files({ pictures, notes }: Drawn): Promise<DrawnPictures> {
  const made = pictures.map(async (picture) => ({ image: await photoFile(picture) }))
  return { pictures: await Promise.all(made), notes }
}

async function photoFile(image: RgbImage): Promise<Picture> {
  return { bytes: await encodePng(image), mediaType: 'image/png', width: image.width, height: image.height }
}

async function glassFile(image: RgbaImage): Promise<Picture> {
  const { width, height } = image
  return { bytes: await encodeRgbaPng(image), mediaType: 'image/png', width, height }
}

async function maskFile(mask: GrayMask): Promise<Picture> {
  return { bytes: await encodeMaskPng(mask), mediaType: 'image/png', width: mask.width, height: mask.height }
}
