/** Reads the config of a model that enlarges photos: a folder with `model.onnx` and `config.json`. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'

const SuperResolutionConfig = z.object({
  task: z.literal(
    'super-resolution',
    'This model is for another task: its config.json must say "task": "super-resolution".',
  ),
  /** How many times larger its answer is, in each direction. */
  scale: z.int().min(2).max(8),
  /** Side in pixels of the squares that a photo is cut into; what one of them costs in memory grows with its area. */
  tile: z.int().min(32).max(2048).default(192),
  /**
   * Pixels of surroundings that the net sees around each square and that are thrown away: as many as one answer looks
   * at on each side, and squares meet without a seam.
   */
  margin: z.int().min(0).max(128).default(16),
})
export type SuperResolutionConfig = z.infer<typeof SuperResolutionConfig>

/** @throws StudioError 'model-broken' with what is missing or strange. */
export async function readSuperResolutionFolder(folder: string): Promise<SuperResolutionConfig> {
  const model = await stat(join(folder, 'model.onnx')).catch(() => undefined)
  if (!model || model.size === 0) {
    throw new StudioError(
      'model-broken',
      `${folder} has no model.onnx, or an empty one. Copy the folder again.`,
    )
  }
  const file = join(folder, 'config.json')
  try {
    return SuperResolutionConfig.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new StudioError('model-broken', `${file} cannot be used: ${why}`, { cause: error })
  }
}
