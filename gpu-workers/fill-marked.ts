/** Fills what a mask marks by the method that was chosen: procedures here, models by the pipeline. */
import type { Work } from '@defect-studio/activities/inference'
import type { CleanUpMethod } from '@defect-studio/nodes'
import { cleanUp } from './clean-up/clean-up.ts'
import type { RgbImage } from './images/raster.ts'
import type { MaskedEdit } from './masked-edit.ts'
import type { Pipeline } from './pipeline/index.ts'
import { watched } from './watched.ts'

/** @throws StudioError as `cleanUp` and the pipeline's tools do; the signal's reason when stopped. */
export async function fillMarked(
  models: Pick<Pipeline, 'inpaint' | 'fillHoles'>,
  { photo, mask }: Pick<MaskedEdit, 'photo' | 'mask'>,
  order: CleanUpMethod & { seed: number },
  { signal, onStep }: Work,
): Promise<{ image: RgbImage; notes: string[] }> {
  if (order.method === 'diffusion') {
    const { model, prompt, steps, seed } = order
    const { pictures, notes } = await models.inpaint({
      ...{ model, prompt, steps, seeds: [seed], image: photo, mask },
      ...{ negativePrompt: 'defect', guidanceScale: 3, sampler: 'DPM++ 2M', strength: 1, feather: 2 },
      ...watched({ signal, onStep }),
    })
    return { image: pictures[0]?.image ?? photo, notes }
  }
  const call = {
    ...{ image: photo, mask, signal },
    onProgress: (part: number) => onStep(Math.round(part * 100), 100),
  }
  const image =
    order.method === 'lama'
      ? await models.fillHoles({ ...call, model: order.model })
      : await cleanUp({ ...call, method: order.method, seed: order.seed })
  return { image, notes: [] }
}
