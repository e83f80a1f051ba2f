/** Reads the config of a model that enlarges photos: a folder with `model.onnx` and `config.json`. */
import { z } from 'zod'
import { readNetConfig, requireNet } from '../runtime/net-folder.ts'

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
  await requireNet(folder)
  return readNetConfig(folder, (json) => SuperResolutionConfig.parse(json))
}
