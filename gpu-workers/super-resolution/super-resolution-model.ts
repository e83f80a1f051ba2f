/** A net that enlarges small pieces of a picture, whatever names, sizes and precision it was exported with. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import type { RgbImage } from '../images/raster.ts'
import { openSession, type OnnxSession, type ProviderConfig } from '../runtime/session.ts'
import { readSuperResolutionFolder, type SuperResolutionConfig } from './super-resolution-folder.ts'

export type SuperResolutionModel = {
  readonly kind: 'super-resolution'
  readonly bytes: number
  readonly config: SuperResolutionConfig
  /** Height and width of a piece that the net insists on; null where any size does. */
  readonly fixed: { height: number; width: number } | null
  /** The piece, `config.scale` times as large in each direction. */
  readonly enlarge: (piece: RgbImage) => Promise<RgbImage>
  readonly dispose: () => Promise<void>
}

/** @throws StudioError 'model-broken' when the folder or what the net takes is not as expected. */
export async function loadSuperResolutionModel(
  folder: string,
  provider: ProviderConfig,
): Promise<SuperResolutionModel> {
  const config = await readSuperResolutionFolder(folder)
  const file = join(folder, 'model.onnx')
  const session = await openSession(file, provider)
  const shape = session.inputs[0]?.shape
  if (session.inputs.length !== 1 || shape?.length !== 4 || shape[1] !== 3) {
    const seen = session.inputs.map((input) => `${input.name} [${input.shape.join(', ')}]`).join(', ')
    await session.dispose()
    throw new StudioError(
      'model-broken',
      `${file} takes ${seen}; a model that enlarges takes one picture [1, 3, height, width].`,
    )
  }
  const [, , height, width] = shape
  return {
    kind: 'super-resolution',
    bytes: (await stat(file)).size,
    config,
    fixed: typeof height === 'number' && typeof width === 'number' ? { height, width } : null,
    enlarge: (piece) => enlarge(session, config, piece),
    dispose: session.dispose,
  }
}

/** Channels go in and come out as 0 … 1, as Real-ESRGAN (Wang et al., arXiv:2107.10833) has them. */
async function enlarge(
  session: OnnxSession,
  { scale }: SuperResolutionConfig,
  { width, height, data }: RgbImage,
): Promise<RgbImage> {
  const size = width * height
  const planes = new Float32Array(3 * size)
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) planes[c * size + i] = data[3 * i + c]! / 255
  const [input, output] = [session.inputs[0]!.name, session.outputs[0]!.name]
  const answer = (await session.run({ [input]: { data: planes, shape: [1, 3, height, width] } }, [output]))[
    output
  ]!
  const wanted = [1, 3, height * scale, width * scale]
  if (answer.shape.join() !== wanted.join()) {
    throw new StudioError(
      'model-broken',
      `The model answered [${answer.shape.join(', ')}] to a piece of ${width} × ${height}; its config.json says "scale": ` +
        `${scale}, which would be [${wanted.join(', ')}].`,
    )
  }
  const area = size * scale * scale
  const bytes = new Uint8Array(3 * area)
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < area; i++) {
      const value = answer.data[c * area + i]!
      if (Number.isNaN(value))
        throw new StudioError('model-broken', 'The model answered with something that is no number.')
      bytes[3 * i + c] = Math.round(Math.min(Math.max(value, 0), 1) * 255)
    }
  }
  return { width: width * scale, height: height * scale, data: bytes }
}
