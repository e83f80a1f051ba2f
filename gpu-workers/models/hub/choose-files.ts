/** Of everything in a hub repository, the files that make one Stable Diffusion model: ONNX where there is ONNX. */
import { InstallError } from '@defect-studio/nodes'
import { modelParts } from '../../pipeline/model-folder.ts'
import { whyLeftOut } from '../file-rules.ts'
import type { HubFile } from './hub-client.ts'

/** A file to bring, and the name that it gets. */
export type Choice = { file: HubFile; as: string }

const configs = ['tokenizer', 'scheduler']
const torchParts = ['unet', 'vae', 'text_encoder']

/**
 * @param half whether weights that are published in half precision will do: they are half as large to download
 * @throws InstallError 'not-a-model' or 'unsafe-file' when the repository has no model of this kind
 */
export function chooseFiles(
  hubId: string,
  files: HubFile[],
  half: boolean,
): { chosen: Choice[]; isOnnx: boolean } {
  const has = (path: string) => files.some((file) => file.path === path)
  if (!has('model_index.json'))
    throw new InstallError(
      'not-a-model',
      `${hubId} is no Stable Diffusion model in the diffusers layout: it has no model_index.json. For other tools see the catalogue: models list --catalogue.`,
    )
  const isOnnx = has('unet/model.onnx')
  const chosen = isOnnx ? onnxFiles(files) : torchFiles(hubId, files, half)
  const own = files.filter(({ path }) => path === 'model_index.json' || /^(licen[cs]e|notice)/i.test(path))
  return { chosen: [...own.map(same), ...chosen], isOnnx }
}

const same = (file: HubFile): Choice => ({ file, as: file.path })

function onnxFiles(files: HubFile[]): Choice[] {
  const parts: readonly string[] = [...modelParts, ...configs]
  return files
    .filter(
      ({ path }) => isDirectlyIn(path, parts) && whyLeftOut(path) === null && !path.endsWith('.safetensors'),
    )
    .map(same)
}

function torchFiles(hubId: string, files: HubFile[], half: boolean): Choice[] {
  const small = files.filter(
    ({ path }) => isDirectlyIn(path, [...torchParts, ...configs]) && /\.(json|txt)$/.test(path),
  )
  const weights = torchParts.flatMap((part) => weightsOf(hubId, part, files, half))
  return [...small.filter(({ path }) => !path.includes('.fp16.')).map(same), ...weights]
}

/** The weights of one part. Half precision is taken when it is wanted, or when there is nothing else. */
function weightsOf(hubId: string, part: string, files: HubFile[], half: boolean): Choice[] {
  const own = files.filter(({ path }) => isDirectlyIn(path, [part]))
  const tensors = own.filter(({ path }) => path.endsWith('.safetensors') && !path.includes('.non_ema.'))
  const isHalf = ({ path }: HubFile) => /\.fp16(-\d+-of-\d+)?\.safetensors$/.test(path)
  const full = tensors.filter((file) => !isHalf(file) && !/\.[a-z0-9_]+\.safetensors$/i.test(file.path))
  const small = tensors.filter(isHalf)
  const taken = half ? pick(small, full) : pick(full, small)
  if (taken.length > 0) return taken.map((file) => ({ file, as: file.path.replace('.fp16', '') }))
  const isPickle = own.some(({ path }) => whyLeftOut(path) === 'pickle')
  throw isPickle
    ? new InstallError(
        'unsafe-file',
        `${hubId} has the weights of its ${part} only as Python pickles (.bin), which can run programs. Choose a repository with safetensors or ONNX files.`,
      )
    : new InstallError('not-a-model', `${hubId} has no weights for its ${part}.`)
}

const pick = (first: HubFile[], second: HubFile[]): HubFile[] => (first.length > 0 ? first : second)

function isDirectlyIn(path: string, folders: readonly string[]): boolean {
  const parts = path.split('/')
  return parts.length === 2 && folders.includes(parts[0]!)
}
