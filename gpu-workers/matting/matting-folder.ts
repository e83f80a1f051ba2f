/** Reads the config of a background-removal model: a folder with `model.onnx` and `config.json`. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'
import { readNetConfig, requireNet } from '../runtime/net-folder.ts'
import { mattingPresets } from './matting-presets.ts'

const Triple = z.tuple([z.number(), z.number(), z.number()])

const MattingConfig = z.object({
  task: z.literal('matting', 'This model is for another task: its config.json must say "task": "matting".'),
  /** The longer side in pixels at which the net sees a photo; a net of one fixed size says so itself. */
  input_size: z.int().min(16).max(4096).default(256),
  /** `keep` keeps the photo's proportions; `stretch` makes it a square, which nets trained on squares expect. */
  fit: z.enum(['keep', 'stretch']).default('keep'),
  /** Sides are multiples of this. */
  size_multiple: z.int().min(1).max(256).default(16),
  /** What a channel is divided by before mean and std: 255, or the largest value in the picture. */
  scale: z.enum(['byte', 'largest']).default('byte'),
  /** A channel c in 0 … 1 goes in as (c − mean) / std. */
  mean: Triple.default([0.5, 0.5, 0.5]),
  std: Triple.refine((std) => std.every((value) => value > 0), 'std must be above 0').default([
    0.5, 0.5, 0.5,
  ]),
  /** Which output is the matte: `first`, `last`, or its name. */
  output: z.string().min(1).default('first'),
  /** `sigmoid` where the net gives logits. */
  activation: z.enum(['none', 'sigmoid']).default('none'),
  /** Whether the least value becomes 0 and the largest 1, as the makers of some nets do. */
  stretch_alpha: z.boolean().default(false),
})
export type MattingConfig = z.infer<typeof MattingConfig>

const Preset = z.object({ preset: z.enum(['isnet', 'u2net', 'birefnet']).optional() })

/**
 * A config may name a `preset` (isnet, u2net, birefnet) and say only what differs from it.
 *
 * @throws StudioError 'model-broken' with what is missing or strange.
 */
export async function readMattingFolder(folder: string): Promise<MattingConfig> {
  await requireNet(folder)
  if (!(await stat(join(folder, 'config.json')).catch(() => undefined))) {
    throw new StudioError(
      'model-broken',
      `${folder} has no config.json, so it is not known what its model does.`,
    )
  }
  return readNetConfig(folder, (json) => {
    const given = z.record(z.string(), z.unknown()).parse(json)
    const { preset } = Preset.parse(given)
    return MattingConfig.parse({ ...(preset ? mattingPresets[preset] : {}), ...given })
  })
}
