/** The bench's checkpoint: made once from its committed config and seed, and converted as any other. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../../scripts/cache-folder.mjs'

export type BenchModel = {
  /** The checkpoint as diffusers reads it. */
  checkpoint: string
  /** The folder of ONNX folders, for the pipeline. */
  models: string
  id: string
}

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const room = at('../../gpu-workers')
// What decides the converted files: another recipe, another folder.
const RECIPE = [
  at('bench-unet.json'),
  at('make_checkpoint.py'),
  ...['export', 'fused_attention', 'parts', 'text_encoder'].map((name) =>
    join(room, 'convert', `${name}.py`),
  ),
]

export async function prepareModel(python: string, say: (line: string) => void): Promise<BenchModel> {
  const hash = createHash('sha256')
  for (const file of RECIPE) hash.update(await readFile(file))
  const folder = join(cacheFolder(), 'bench', `unet-${hash.digest('hex').slice(0, 12)}`)
  const model = { checkpoint: join(folder, 'checkpoint'), models: join(folder, 'models'), id: 'bench-unet' }
  if (existsSync(join(model.models, model.id, 'model_index.json'))) return model
  say(`Making bench-unet in ${folder} (2.5 GB), once.`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(model.models, { recursive: true })
  await run(python, [at('make_checkpoint.py'), model.checkpoint])
  const out = join(model.models, model.id)
  await run(python, ['-m', 'convert', '--source', model.checkpoint, '--out', out], room)
  return model
}

function run(command: string, args: string[], cwd?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new Error(
              `${command} ${args.join(' ')} ended with ${code}: ${errors}\n` +
                'The bench needs the Python environment: npm run setup:python.',
            ),
          ),
    )
  })
}
