/** Reads what a folder with an image and a text encoder holds, in the layouts that CLIP is published in as ONNX. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { z } from 'zod'
import { PhraseList } from './phrase-list.ts'
import { PhotoPreparation } from './prepare-photo.ts'

export type ImageTextFolder = {
  folder: string
  /** Files of the two encoders; the same one where one graph holds both. */
  imageFile: string
  textFile: string
  preparation: PhotoPreparation
  /** The phrases that the model's makers offer, in `phrases.json`; null where there are none. */
  phrases: PhraseList | null
}

// Two files as transformers.js splits them, or one as Optimum exports it; at the top or in `onnx/`. The first that is
// there is taken: full precision before what was made smaller.
const PRECISIONS = ['', '_fp16', '_quantized']
const PLACES = ['onnx', '.']

const Config = z.object({ task: z.string().optional(), model_type: z.string().optional() })

/** Whether a folder's config.json says that it compares pictures with texts: ours by task, CLIP's by model type. */
export function isImageTextConfig(config: unknown): boolean {
  const { data } = Config.safeParse(config)
  return data?.task === 'image-text' || (data?.task === undefined && data?.model_type === 'clip')
}

/** @throws StudioError 'model-broken' with what is missing or strange. */
export async function readImageTextFolder(folder: string): Promise<ImageTextFolder> {
  if (!isImageTextConfig(await readJson(folder, 'config.json', z.unknown()))) {
    throw broken(folder, 'its config.json must say "task": "image-text" or "model_type": "clip"')
  }
  const split = await firstFiles(folder, ['vision_model', 'text_model'])
  const both = split ?? (await firstFiles(folder, ['model', 'model']))
  if (!both) {
    throw broken(
      folder,
      'it has neither vision_model.onnx with text_model.onnx nor model.onnx, at its top or in onnx/',
    )
  }
  if (!(await isFile(join(folder, 'tokenizer.json'))) && !(await isFile(join(folder, 'merges.txt')))) {
    throw broken(folder, 'it has neither tokenizer.json nor vocab.json with merges.txt')
  }
  const hasPhrases = await isFile(join(folder, 'phrases.json'))
  return {
    folder,
    imageFile: both[0]!,
    textFile: both[1]!,
    preparation: await readJson(folder, 'preprocessor_config.json', PhotoPreparation),
    phrases: hasPhrases ? await readJson(folder, 'phrases.json', PhraseList) : null,
  }
}

async function firstFiles(folder: string, names: string[]): Promise<string[] | undefined> {
  for (const place of PLACES) {
    for (const precision of PRECISIONS) {
      const files = names.map((name) => join(folder, place, `${name}${precision}.onnx`))
      const there = await Promise.all(files.map(isFile))
      if (there.every(Boolean)) return files
    }
  }
  return undefined
}

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() === true && found.size > 0
}

async function readJson<S extends z.ZodType>(folder: string, name: string, schema: S): Promise<z.output<S>> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
  if (text === undefined) throw broken(folder, `it has no ${name}`)
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw broken(folder, `${name} cannot be used (${why})`, error)
  }
}

function broken(folder: string, why: string, cause?: unknown): StudioError {
  return new StudioError('model-broken', `${folder} is no usable model of pictures and texts: ${why}.`, {
    cause,
  })
}
