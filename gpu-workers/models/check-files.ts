/** Goes through every file of a model before anything loads it: whole, of a known kind, and nothing that runs. */
import { readFile, readdir, stat } from 'node:fs/promises'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { InstallError } from '@defect-studio/nodes'
import { refuseDisguise, whyLeftOut } from './file-rules.ts'
import { endOf, readOnnxFile } from './onnx-file.ts'
import { checkSafetensors } from './safetensors-file.ts'

// A tokenizer's vocabulary is the largest of them, a few MB.
const LARGEST_JSON = 64 * 2 ** 20

/** Paths of all files below a folder, with `/` between the parts, in order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
}

/**
 * @param onFile called before each file is looked at
 * @throws InstallError 'damaged-file' or 'unsafe-file', naming the file
 */
export async function checkFiles(folder: string, onFile: (path: string) => void): Promise<void> {
  for (const path of await filesBelow(folder)) {
    onFile(path)
    const file = join(folder, path)
    const { size } = await stat(file)
    if (whyLeftOut(path) === 'pickle') throw pickle(path)
    if (size === 0) throw new InstallError('damaged-file', `${path} is empty. Copy or download it again.`)
    await refuseDisguise(file, path)
    if (path.endsWith('.onnx')) await checkOnnx(folder, path)
    else if (path.endsWith('.safetensors')) await checkSafetensors(file)
    else if (path.endsWith('.json')) await checkJson(file, path, size)
  }
}

/** The weight files that an ONNX file names lie beside it and are as long as it says. */
async function checkOnnx(folder: string, path: string): Promise<void> {
  const { externalWeights } = await readOnnxFile(join(folder, path))
  for (const piece of externalWeights) {
    const beside = normalize(join(dirname(path), piece.location))
    if (beside.startsWith('..') || piece.location.startsWith('/') || /^[A-Za-z]:/.test(piece.location))
      throw new InstallError('unsafe-file', `${path} names weights outside of its folder: ${piece.location}.`)
    const found = await stat(join(folder, beside)).catch(() => undefined)
    if (!found?.isFile())
      throw new InstallError(
        'damaged-file',
        `${path} needs its weights in ${beside.split(sep).join('/')}, which is not there. Copy or download it again.`,
      )
    if (found.size < endOf(piece))
      throw new InstallError(
        'damaged-file',
        `${beside.split(sep).join('/')} is cut off: ${found.size} of ${endOf(piece)} bytes. Copy or download it again.`,
      )
  }
}

async function checkJson(file: string, path: string, size: number): Promise<void> {
  try {
    if (size > LARGEST_JSON) throw new Error('it is too large')
    JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new InstallError('damaged-file', `${path} is no JSON (${why}). Copy or download it again.`, {
      cause: error,
    })
  }
}

function pickle(path: string): InstallError {
  return new InstallError(
    'unsafe-file',
    `${path} is a Python pickle, which can run programs. Install the model from safetensors or ONNX files.`,
  )
}
