/** Reads the config of a background-removal model: a folder with `model.onnx` and `config.json`. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'

const MattingConfig = z.object({
  task: z.literal('matting', 'This model is for another task: its config.json must say "task": "matting".'),
  /** The longer side in pixels at which the net sees a photo. */
  input_size: z.int().min(16).max(4096).default(256),
  /** Sides are multiples of this. */
  size_multiple: z.int().min(1).max(256).default(16),
  /** A channel c in 0 … 1 goes in as (c − mean) / std. */
  mean: z.tuple([z.number(), z.number(), z.number()]).default([0.5, 0.5, 0.5]),
  std: z
    .tuple([z.number(), z.number(), z.number()])
    .refine((std) => std.every((value) => value > 0), 'std must be above 0')
    .default([0.5, 0.5, 0.5]),
})
export type MattingConfig = z.infer<typeof MattingConfig>

/** @throws StudioError 'model-broken' with what is missing or strange. */
export async function readMattingFolder(folder: string): Promise<MattingConfig> {
  const model = await stat(join(folder, 'model.onnx')).catch(() => undefined)
  if (!model || model.size === 0) {
    throw new StudioError(
      'model-broken',
      `${folder} has no model.onnx, or an empty one. Copy the folder again.`,
    )
  }
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new StudioError(
      'model-broken',
      `${folder} has no config.json, so it is not known what its model does.`,
    )
  }
  try {
    return MattingConfig.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new StudioError('model-broken', `${join(folder, 'config.json')} cannot be used: ${why}`, {
      cause: error,
    })
  }
}
