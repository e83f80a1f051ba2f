/** Reads what a Stable Diffusion ONNX folder says of itself, and says which part is missing or strange. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'
import { NoiseScheduleConfig } from '../schedulers/noise-schedule.ts'

/** The facts about a checkpoint that its configs hold. */
export type DiffusionFolder = {
  folder: string
  noiseSchedule: NoiseScheduleConfig
  unet: {
    /** 4: latents. 9: latents, mask, masked picture. */
    inChannels: number
    /** How often the UNet halves its input: latents must be divisible by 2 to this power. */
    halvings: number
    /** Width and height in latents that the model was trained on. */
    sampleSize: number
  }
  vae: {
    /** Pixels per latent, in each direction. */
    scaleFactor: number
    /** Factor on what the encoder gives before the UNet sees it. */
    scalingFactor: number
    latentChannels: number
  }
}

/** The parts of a folder, each in a folder of its own with a `model.onnx`. */
export const modelParts = ['text_encoder', 'unet', 'vae_encoder', 'vae_decoder'] as const
export type ModelPart = (typeof modelParts)[number]

const UnetConfig = z.object({
  in_channels: z.int().default(4),
  block_out_channels: z.array(z.int()).min(1).default([320, 640, 1280, 1280]),
  sample_size: z
    .union([z.int(), z.array(z.int()).min(1)])
    .nullish()
    .transform((size) => (Array.isArray(size) ? Math.max(...size) : (size ?? 64))),
})

const VaeConfig = z.object({
  _class_name: z.string().default('AutoencoderKL'),
  block_out_channels: z.array(z.int()).min(1).optional(),
  encoder_block_out_channels: z.array(z.int()).min(1).optional(),
  latent_channels: z.int().default(4),
  scaling_factor: z.number().optional(),
})

/**
 * @throws StudioError 'model-missing' when there is no such model; 'model-broken' when a part is missing or a config
 *   says what this pipeline does not serve.
 */
export async function readDiffusionFolder(folder: string): Promise<DiffusionFolder> {
  await requireFile(folder, 'model_index.json', 'model-missing')
  for (const part of modelParts) await requireFile(folder, `${part}/model.onnx`, 'model-broken')
  const unet = await readConfig(folder, ['unet/config.json'], UnetConfig)
  if (unet.in_channels !== 4 && unet.in_channels !== 9) {
    throw broken(folder, `its UNet takes ${unet.in_channels} channels; only 4 and 9 are served`)
  }
  const vaeFiles = ['vae_decoder/config.json', 'vae_encoder/config.json', 'vae/config.json']
  const vae = await readConfig(folder, vaeFiles, VaeConfig)
  const vaeBlocks = vae.encoder_block_out_channels ?? vae.block_out_channels
  if (!vaeBlocks) throw broken(folder, 'its VAE config has no block_out_channels, so its scale is unknown')
  return {
    folder,
    noiseSchedule: await readConfig(folder, ['scheduler/scheduler_config.json'], NoiseScheduleConfig),
    unet: {
      inChannels: unet.in_channels,
      halvings: unet.block_out_channels.length - 1,
      sampleSize: unet.sample_size,
    },
    vae: {
      scaleFactor: 2 ** (vaeBlocks.length - 1),
      // What the two classes of diffusers take when the config is silent.
      scalingFactor: vae.scaling_factor ?? (vae._class_name === 'AutoencoderTiny' ? 1 : 0.18215),
      latentChannels: vae.latent_channels,
    },
  }
}

/** Widths and heights that the model can draw are multiples of this many pixels. */
export function pixelMultiple({ unet, vae }: DiffusionFolder): number {
  return vae.scaleFactor * 2 ** unet.halvings
}

/** The side in pixels of the square pictures that the model was trained on. */
export function nativeSide({ unet, vae }: DiffusionFolder): number {
  return unet.sampleSize * vae.scaleFactor
}

async function requireFile(
  folder: string,
  name: string,
  type: 'model-missing' | 'model-broken',
): Promise<void> {
  const found = await stat(join(folder, name)).catch(() => undefined)
  if (!found?.isFile()) {
    throw new StudioError(
      type,
      `${folder} has no ${name}. Copy the whole Stable Diffusion ONNX folder again.`,
    )
  }
  if (found.size === 0)
    throw new StudioError('model-broken', `${join(folder, name)} is empty. Copy it again.`)
}

async function readConfig<S extends z.ZodType>(
  folder: string,
  names: string[],
  schema: S,
): Promise<z.output<S>> {
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    try {
      return schema.parse(JSON.parse(withoutPythonNumbers(text)))
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
      throw broken(folder, `${name} cannot be used (${why})`, error)
    }
  }
  throw broken(folder, `it has no ${names.join(' or ')}`)
}

/** Python writes infinities into JSON, for example DPM-Solver's `lambda_min_clipped`; nothing here reads such a field. */
function withoutPythonNumbers(json: string): string {
  return json.replace(/:\s*(?:-?Infinity|NaN)\b/g, ': null')
}

function broken(folder: string, why: string, cause?: unknown): StudioError {
  return new StudioError('model-broken', `${folder} is no usable model: ${why}.`, { cause })
}
