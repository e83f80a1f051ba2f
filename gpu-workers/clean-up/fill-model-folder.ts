/** Reads the config of a model that fills holes: a folder with `model.onnx` and `config.json`. */
import { z } from 'zod'
import { readNetConfig, requireNet } from '../runtime/net-folder.ts'

const FillConfig = z.object({
  task: z.literal('clean-up', 'This model is for another task: its config.json must say "task": "clean-up".'),
  /** White in the model's answer: 255 as LaMa's usual export has it, or 1. */
  output_max: z.union([z.literal(1), z.literal(255)]).default(255),
  /** Where the model takes any size, sides are multiples of this. */
  size_multiple: z.int().min(1).max(256).default(8),
  /** Where the model takes any size: the longer side in pixels that it is shown at most. */
  largest_side: z.int().min(64).max(4096).default(1024),
})
export type FillConfig = z.infer<typeof FillConfig>

/** @throws StudioError 'model-broken' with what is missing or strange. */
export async function readFillFolder(folder: string): Promise<FillConfig> {
  await requireNet(folder)
  return readNetConfig(folder, (json) => FillConfig.parse(json))
}
