/** Runs the Python tools that turn a diffusers folder into an ONNX folder with fused attention. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { InstallError } from '@defect-studio/nodes'
import { z } from 'zod'

/** The folder that `convert` is a package of. */
const packageFolder = fileURLToPath(new URL('..', import.meta.url))

const Line = z.union([
  z.object({ error: z.string() }),
  z.object({ done: z.literal(true) }),
  z.object({ step: z.number(), of: z.number(), what: z.string() }),
])

export type Conversion = {
  source: string
  out: string
  half: boolean
  /** The interpreter of the Python environment, whether it is there or not. */
  python: string | undefined
  signal: AbortSignal
  onStep: (step: number, of: number, what: string) => void
}

/** @throws InstallError 'python-missing' */
export function requirePython(python: string | undefined): string {
  if (python !== undefined && existsSync(python)) return python
  throw new InstallError(
    'python-missing',
    'PyTorch weights are converted by Python tools, which are not installed. Run `npm run setup:python` once (5 GB), then try again; or take a model that is ONNX already.',
  )
}

/** @throws InstallError 'conversion-failed' with the tools' own words; the signal's reason when it aborts */
export async function convertModel({ source, out, half, python, signal, onStep }: Conversion): Promise<void> {
  const args = ['-m', 'convert', '--source', source, '--out', out, ...(half ? ['--half'] : [])]
  const child = spawn(requirePython(python), args, {
    cwd: packageFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // What the weights' libraries would fetch when something is missing must fail instead.
    env: { ...process.env, HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1', PYTHONUNBUFFERED: '1' },
    windowsHide: true,
  })
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  const words: string[] = []
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk.toString()))
  let failure: string | undefined
  let isDone = false
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = Line.safeParse(parseJson(text))
    if (!line.success) return
    if ('error' in line.data) failure = line.data.error
    else if ('done' in line.data) isDone = true
    else onStep(line.data.step, line.data.of, line.data.what)
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    signal.throwIfAborted()
    if (code === 0 && isDone) return
    const last = words.join('').trim().split('\n').slice(-3).join(' ')
    throw new InstallError(
      'conversion-failed',
      `The model could not be converted: ${failure ?? (last || `the tools ended with ${code}`)}.`,
    )
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
