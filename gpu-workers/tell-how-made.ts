/** Writes into every picture that leaves this worker how it was made: tool, params, seed, model, proof. */
import { withMade, type Certificate, type JsonValue, type MadePicture } from '@defect-studio/nodes'
import type { Comparison, InferencePipeline, Picture } from '@defect-studio/activities/inference'
import { artifactKey } from '@defect-studio/stores/artifacts'

type Params = Record<string, unknown>
type Files = { image: Uint8Array; mask: Uint8Array }

/**
 * The same tools, whose files say how they were made. Nothing that changes from call to call is written, so the same
 * order gives the same bytes.
 *
 * @param models tells the digest of each installed model.
 */
export function tellHowMade(
  tools: InferencePipeline,
  models: { listModels: () => Promise<{ models: readonly { id: string; digest: string }[] }> },
): InferencePipeline {
  async function sign(
    picture: Picture,
    tool: string,
    params: Params,
    {
      output = 'image',
      certificate,
      model: modelId = params['model'],
    }: { output?: 'image' | 'mask'; certificate?: Certificate | undefined; model?: unknown } = {},
  ): Promise<Picture> {
    if (picture.mediaType !== 'image/png') return picture
    const { width, height } = picture
    const model = await modelOf(modelId)
    const made: MadePicture = {
      metadataVersion: 1,
      tool,
      output,
      params: plain(params),
      ...(model ? { model } : {}),
      width,
      height,
      ...(certificate ? { certificate } : {}),
    }
    return { ...picture, bytes: withMade(picture.bytes, made) }
  }

  async function modelOf(id: unknown): Promise<MadePicture['model']> {
    if (typeof id !== 'string') return undefined
    const installed = (await models.listModels()).models.find((model) => model.id === id)
    return { id, ...(installed ? { digest: installed.digest } : {}) }
  }

  const signBoth = async (both: { image: Picture; mask: Picture }, tool: string, params: Params) => ({
    image: await sign(both.image, tool, params),
    mask: await sign(both.mask, tool, params, { output: 'mask' }),
  })

  async function signEach<D extends { pictures: { image: Picture; comparison?: Comparison }[] }>(
    drawn: D,
    tool: string,
    { seeds, ...params }: Params & { seeds: readonly number[] },
    files?: Files,
  ): Promise<D> {
    const pictures = drawn.pictures.map(async (one, i) => {
      const certificate = certificateOf(files, one.comparison)
      return { ...one, image: await sign(one.image, tool, { ...params, seed: seeds[i] }, { certificate }) }
    })
    return { ...drawn, pictures: await Promise.all(pictures) }
  }

  return {
    async makeMask(input, work) {
      const picture = await tools.makeMask(input, work)
      // Under the names of the node's params.
      const { mode } = input
      const params =
        mode === 'drawn'
          ? { mode }
          : { mode, shape: input.shape, size: input.size, shapes: input.count, seed: input.seed }
      return sign(picture, 'mask', params, { output: 'mask' })
    },
    async drawDefect(input, work) {
      const { image: _image, place: _place, ...params } = input
      return signBoth(await tools.drawDefect(input, work), 'draw-defect', params)
    },
    async cleanUp(input, work) {
      const cleaned = await tools.cleanUp(input, work)
      const { image, mask, ...order } = input
      const { model, ...params }: Params = order
      if (model !== undefined) params[order.method === 'lama' ? 'fillModel' : 'diffusionModel'] = model
      const certificate = certificateOf({ image, mask }, cleaned.comparison)
      return { ...cleaned, image: await sign(cleaned.image, 'clean-up', params, { certificate, model }) }
    },
    async removeBackground(input, work) {
      const { image: _image, ...given } = input
      const params = { ...given, background: given.colour === undefined ? 'transparent' : 'colour' }
      return signBoth(await tools.removeBackground(input, work), 'remove-background', params)
    },
    suggestPrompts: (input, work) => tools.suggestPrompts(input, work),
    async upscale(input, work) {
      const { image: _image, ...params } = input
      return sign(await tools.upscale(input, work), 'upscale', params)
    },
    async textToImage(input, work) {
      return signEach(await tools.textToImage(input, work), 'text-to-image', input)
    },
    async imageToImage(input, work) {
      const { image: _image, ...params } = input
      return signEach(await tools.imageToImage(input, work), 'image-to-image', params)
    },
    async inpaint(input, work) {
      const { image, mask, ...params } = input
      return signEach(await tools.inpaint(input, work), 'inpaint', params, { image, mask })
    },
  }
}

/** The comparison with what was compared; files are known by the hash of their bytes, as in the store. */
function certificateOf(
  files: Files | undefined,
  comparison: Comparison | undefined,
): Certificate | undefined {
  if (!files || !comparison) return undefined
  return { original: artifactKey(files.image), mask: artifactKey(files.mask), ...comparison }
}

/** What JSON can hold of it. */
function plain(params: Params): Record<string, JsonValue> {
  const kept: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      kept[name] = value
  return kept
}
