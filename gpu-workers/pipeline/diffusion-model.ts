/** One loaded checkpoint: its four networks, behind verbs. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { openSession, type OnnxSession, type ProviderConfig } from '../runtime/session.ts'
import { rgbFactors, type RgbFactors } from './latent-preview.ts'
import { modelParts, readDiffusionFolder, type DiffusionFolder } from './model-folder.ts'
import { createTextEncoder, type TextEncoder } from './text-encoder.ts'
import { loadTokenizer } from './tokenizer.ts'
import { createUnet, type Unet } from './unet.ts'
import { createVae, type Vae } from './vae.ts'

export type DiffusionModel = {
  readonly kind: 'diffusion'
  readonly folder: DiffusionFolder
  readonly textEncoder: TextEncoder
  readonly unet: Unet
  readonly vae: Vae
  /** For previews; found out when first asked for. */
  readonly rgbFactors: () => Promise<RgbFactors>
  /** Weights on disk, in bytes. */
  readonly bytes: number
  /** Milliseconds that the networks have computed since loading. */
  readonly busyMs: () => number
  readonly dispose: () => Promise<void>
}

/** Loads every part of the folder. A part that fails takes the others down with it: nothing stays half loaded. */
export async function loadDiffusionModel(path: string, provider: ProviderConfig): Promise<DiffusionModel> {
  const folder = await readDiffusionFolder(path)
  const tokenizer = await loadTokenizer(join(path, 'tokenizer')).catch((error: unknown) => {
    throw new StudioError('model-broken', `The tokenizer of ${path} cannot be read: ${String(error)}`, {
      cause: error,
    })
  })
  const sessions: OnnxSession[] = []
  const dispose = async () => {
    await Promise.all(sessions.map((session) => session.dispose()))
  }
  const open = async (part: (typeof modelParts)[number]) => {
    const session = await openSession(join(path, part, 'model.onnx'), provider)
    sessions.push(session)
    return session
  }
  try {
    const textEncoder = createTextEncoder(await open('text_encoder'), tokenizer)
    const unet = createUnet(await open('unet'), folder.unet.inChannels)
    const vae = createVae(await open('vae_encoder'), await open('vae_decoder'), folder.vae)
    let factors: Promise<RgbFactors> | undefined
    return {
      kind: 'diffusion',
      folder,
      textEncoder,
      unet,
      vae,
      rgbFactors: () => (factors ??= rgbFactors(vae)),
      bytes: await weightBytes(path),
      busyMs: () => sessions.reduce((sum, session) => sum + session.busyMs(), 0),
      dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Bytes of all files in the parts' folders, external weights included. */
async function weightBytes(path: string): Promise<number> {
  let sum = 0
  for (const part of modelParts) {
    for (const name of await readdir(join(path, part))) sum += (await stat(join(path, part, name))).size
  }
  return sum
}
