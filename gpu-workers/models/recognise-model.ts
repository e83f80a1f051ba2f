/** Finds the model in what somebody sent, and says of what is no model here what it seems to be. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InstallError } from '@defect-studio/nodes'
import { z } from 'zod'

/** `onnx` can be loaded; `diffusers` has PyTorch weights and is converted first. */
export type Recognised = { folder: string; form: 'onnx' | 'diffusers' }

/** Pipelines of Stable Diffusion 1.x and 2.x, whichever program wrote the folder. */
const servedPipelines =
  /^(Onnx|ORT|OV)?(StableDiffusion|LatentConsistencyModel)(Img2Img|Inpaint|InpaintLegacy)?Pipeline$/

const ModelIndex = z.object({ _class_name: z.string().optional() })
const Config = z.object({ task: z.string().optional(), model_type: z.string().optional() })

/**
 * @param leftOut paths of files that were not taken because they are pickles
 * @throws InstallError 'not-a-model', 'wrong-task' or 'unsafe-file'
 */
export async function recogniseModel(root: string, leftOut: readonly string[]): Promise<Recognised> {
  const folder = await findRoot(root)
  if (await exists(folder, 'model_index.json')) return diffusion(folder, leftOut)
  const names = await readdir(folder)
  const graphs = [...names, ...(await readdir(join(folder, 'onnx')).catch(() => []))]
  if (names.includes('config.json') && graphs.some((name) => name.endsWith('.onnx'))) return single(folder)
  if (names.some((name) => name.endsWith('.safetensors')) || leftOut.length > 0)
    throw new InstallError(
      leftOut.length > 0 ? 'unsafe-file' : 'not-a-model',
      `There are only weights here${pickled(leftOut)}, and nothing says what they are for. Take the model in the diffusers folder layout, with model_index.json.`,
    )
  throw new InstallError(
    'not-a-model',
    `Neither model_index.json (Stable Diffusion) nor config.json beside model.onnx (other tools) is there; there is ${names.slice(0, 8).join(', ') || 'nothing'}.`,
  )
}

/** Whoever packs a folder packs the folder itself: steps down while there is one folder and no model. */
async function findRoot(root: string): Promise<string> {
  let folder = root
  for (let depth = 0; depth < 4; depth++) {
    if ((await exists(folder, 'model_index.json')) || (await exists(folder, 'config.json'))) return folder
    const folders = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())
    if (folders.length !== 1) return folder
    folder = join(folder, folders[0]!.name)
  }
  return folder
}

async function diffusion(folder: string, leftOut: readonly string[]): Promise<Recognised> {
  const { _class_name: pipeline } = await readConfig(folder, 'model_index.json', ModelIndex)
  if (pipeline !== undefined && !servedPipelines.test(pipeline))
    throw new InstallError(
      'wrong-task',
      `This is a model for "${pipeline}". The studio draws with Stable Diffusion 1.x and 2.x, inpainting models among them.`,
    )
  if (await exists(folder, 'unet', 'model.onnx')) return { folder, form: 'onnx' }
  const unet = await readdir(join(folder, 'unet')).catch(() => [])
  if (unet.some((name) => name.endsWith('.safetensors'))) return { folder, form: 'diffusers' }
  throw leftOut.length > 0
    ? new InstallError(
        'unsafe-file',
        `The weights are only there as Python pickles (${leftOut.slice(0, 3).join(', ')}), which can run programs. Take the model as safetensors or ONNX.`,
      )
    : new InstallError('not-a-model', 'The folder has a model_index.json and no weights below unet.')
}

async function single(folder: string): Promise<Recognised> {
  const { task, model_type: type } = await readConfig(folder, 'config.json', Config)
  // A CLIP is known without a word of ours.
  if (task !== undefined || type === 'clip') return { folder, form: 'onnx' }
  throw new InstallError(
    'wrong-task',
    `The config.json ${type === undefined ? 'does not say what the model is for' : `is of a "${type}" model`}. Here it has a "task", as docs/models.md lists them; those of the catalogue get theirs by themselves.`,
  )
}

async function readConfig<S extends z.ZodType>(
  folder: string,
  name: string,
  schema: S,
): Promise<z.output<S>> {
  try {
    return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))
  } catch (error) {
    throw new InstallError('damaged-file', `${name} cannot be read. Copy or download it again.`, {
      cause: error,
    })
  }
}

function pickled(leftOut: readonly string[]): string {
  return leftOut.length > 0
    ? `, Python pickles that can run programs (${leftOut.slice(0, 3).join(', ')})`
    : ''
}

async function exists(...path: string[]): Promise<boolean> {
  return (await stat(join(...path)).catch(() => undefined)) !== undefined
}
