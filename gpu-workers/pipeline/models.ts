/** Finds the models that are installed, and says of a folder that is only half there what it lacks. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { StudioError, type ModelKind } from '@defect-studio/nodes'
import { z } from 'zod'
import { readFillFolder } from '../clean-up/fill-model-folder.ts'
import { createAttentionReader, type AttentionForm } from '../models/attention-form.ts'
import { isImageTextConfig, readImageTextFolder } from '../image-text/image-text-folder.ts'
import { readMattingFolder } from '../matting/matting-folder.ts'
import { readSuperResolutionFolder } from '../super-resolution/super-resolution-folder.ts'
import { nativeSide, readDiffusionFolder } from './model-folder.ts'
import { createFolderDigest } from './folder-digest.ts'

/** A model that a person can choose. */
export type InstalledModel = {
  id: string
  title: string
  kind: ModelKind
  /** Where it lies on this machine. */
  folder: string
  /** What the UNet takes, 4 or 9; null for models that are no diffusion. */
  channels: number | null
  predictionType: string | null
  /** Side in pixels of the squares it was trained on; null where any size does. */
  nativeSide: number | null
  bytes: number
  licence: string | null
  note: string | null
  /** sha256 over the folder's files: the same on every server that has the same model. */
  digest: string
  /** How the UNet computes attention; null for models that are no diffusion. */
  attention: AttentionForm | null
}

export type ModelList = {
  models: InstalledModel[]
  /** Folders that look like models and cannot be used. */
  problems: { folder: string; reason: string }[]
}

export type ModelFolders = {
  /** Folders whose children are models; the first that has an id wins. */
  modelsDirs: readonly string[]
  /** The folder of the models that come with the product; their ids begin with "starter". */
  shippedDir?: string | undefined
}

/** What a folder may say of itself for people, in `about.json`. */
const About = z.object({
  title: z.string().optional(),
  licence: z.string().optional(),
  note: z.string().optional(),
})

export type ModelShelf = {
  /** Looks at the folders anew. */
  readonly list: () => Promise<ModelList>
  /** @throws StudioError 'model-missing' or 'model-broken', with what to do. */
  readonly find: (id: string, kind: InstalledModel['kind']) => Promise<InstalledModel>
}

export function createModelShelf({ modelsDirs, shippedDir }: ModelFolders): ModelShelf {
  const digest = createFolderDigest()
  const attention = createAttentionReader()

  async function list(): Promise<ModelList> {
    const found = new Map<string, InstalledModel>()
    const problems: ModelList['problems'] = []
    for (const dir of shippedDir === undefined ? modelsDirs : [shippedDir, ...modelsDirs]) {
      for (const folder of await childFolders(dir)) {
        const id = dir === shippedDir ? shippedId(basename(folder)) : basename(folder)
        try {
          const model = await describe(folder, id)
          if (!found.has(id)) found.set(id, model)
        } catch (error) {
          problems.push({ folder, reason: error instanceof Error ? error.message : String(error) })
        }
      }
    }
    return { models: [...found.values()], problems }
  }

  async function describe(folder: string, id: string): Promise<InstalledModel> {
    const about = await readAbout(folder)
    const common = {
      id,
      title: about.title ?? basename(folder),
      folder,
      licence: about.licence ?? null,
      note: about.note ?? null,
    }
    const kind = await taskOf(folder)
    if (kind !== 'diffusion') {
      await folderReaders[kind](folder)
      const none = { channels: null, predictionType: null, nativeSide: null, attention: null }
      return { ...common, ...none, kind, ...(await digest(folder)) }
    }
    const config = await readDiffusionFolder(folder)
    return {
      ...common,
      kind: 'diffusion',
      channels: config.unet.inChannels,
      predictionType: config.noiseSchedule.prediction_type,
      nativeSide: nativeSide(config),
      attention: await attention(folder),
      ...(await digest(folder)),
    }
  }

  return {
    list,
    async find(id, kind) {
      const { models, problems } = await list()
      const model = models.find((one) => one.id === id)
      if (model?.kind === kind) return model
      const problem = problems.find(
        ({ folder }) => basename(folder) === id || shippedId(basename(folder)) === id,
      )
      if (!model && problem) throw new StudioError('model-broken', problem.reason)
      const why = model ? `is a ${model.kind} model, and a ${kind} model is needed` : 'is not installed'
      const others = models.filter((one) => one.kind === kind).map((one) => one.id)
      const choice = others.length > 0 ? `Choose one of: ${others.join(', ')}.` : 'Install one under Models.'
      throw new StudioError('model-missing', `The model "${id}" ${why}. ${choice}`)
    },
  }
}

function shippedId(name: string): string {
  return name.startsWith('starter') ? name : `starter-${name}`
}

async function childFolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => !entry.name.startsWith('.')).map((entry) => join(dir, entry.name))
  const kept: string[] = []
  for (const name of names.toSorted())
    if ((await stat(name).catch(() => undefined))?.isDirectory()) kept.push(name)
  return kept
}

async function readAbout(folder: string): Promise<z.infer<typeof About>> {
  const text = await readFile(join(folder, 'about.json'), 'utf8').catch(() => '{}')
  return About.parse(JSON.parse(text))
}

/** Each looks at all that a folder of its kind needs, and throws StudioError for what is missing. */
const folderReaders: Record<Exclude<ModelKind, 'diffusion'>, (folder: string) => Promise<unknown>> = {
  matting: readMattingFolder,
  'clean-up': readFillFolder,
  'image-text': readImageTextFolder,
  'super-resolution': readSuperResolutionFolder,
}

/**
 * What a folder is for, by what its config.json says. A folder of Stable Diffusion has a model_index.json instead.
 *
 * @throws StudioError 'model-broken' when a folder with one model says something else, or nothing.
 */
async function taskOf(folder: string): Promise<ModelKind> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => undefined)
  const config = parsed(text)
  if (isImageTextConfig(config)) return 'image-text'
  const { data } = Task.safeParse(config)
  if (data) return data.task
  if (!(await exists(join(folder, 'model.onnx')))) return 'diffusion'
  const says =
    text === undefined ? 'It has no config.json.' : 'Its config.json says no task that is served here.'
  throw new StudioError(
    'model-broken',
    `${folder} cannot be used: ${says} This model is for another task, or its config.json must say what it is for: ` +
      `"task": one of ${Object.keys(folderReaders).join(', ')}.`,
  )
}

const Task = z.object({ task: z.enum(['matting', 'clean-up', 'image-text', 'super-resolution']) })

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}
