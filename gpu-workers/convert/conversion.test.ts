/** Converts a checkpoint for real and draws with it: the pictures must be those that diffusers draws. Needs Python. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isPythonReady, pythonProgram } from '../../scripts/setup-python.mjs'
import { loadDiffusionModel } from '../pipeline/diffusion-model.ts'
import { imageToImage } from '../pipeline/image-to-image.ts'
import { textToImage } from '../pipeline/text-to-image.ts'
import { openSession } from '../runtime/session.ts'

const room = fileURLToPath(new URL('..', import.meta.url))
const python = process.env['STUDIO_PYTHON'] ?? (isPythonReady() ? pythonProgram() : undefined)
const mustRun = process.env['CI'] === 'true'
const size = { width: 48, height: 32 }

describe.skipIf(!python && !mustRun)(
  'converting a checkpoint (npm run setup:python makes the Python)',
  () => {
    let folder: string
    let expected: { text: Float32Array; image: Float32Array; photo: Uint8Array }

    beforeAll(async () => {
      if (!python) throw new Error('There is no Python environment: npm run setup:python.')
      folder = await mkdtemp(join(tmpdir(), 'convert-'))
      const made = await runPython(['goldens/conversion_case.py', folder])
      expect(made.code, made.errors).toBe(0)
      expected = await readExpected(join(folder, 'expected.json'))
    }, 300_000)
    afterAll(() => rm(folder, { recursive: true, force: true }))

    it('keeps the pictures, and tells how far it is', { timeout: 300_000 }, async () => {
      const out = join(folder, 'single')
      const { code, lines, errors } = await convert(join(folder, 'checkpoint'), out)
      expect(code, errors).toBe(0)
      const steps = lines.slice(0, -1)
      expect(steps.map((line) => line['step'])).toEqual(steps.map((_, i) => i + 1))
      expect(steps.at(-1)).toMatchObject({ step: 9, of: 9 })
      expect(lines.at(-1)).toMatchObject({ done: true, folder: out })
      const { text, image } = await drawBoth(out)
      expect(worst(text, expected.text)).toBeLessThanOrEqual(1e-4)
      expect(worst(image, expected.image)).toBeLessThanOrEqual(1e-4)
      expect((await readFile(join(out, 'unet', 'model.onnx'))).includes('MultiHeadAttention')).toBe(true)
      expect((await stat(join(out, 'unet', 'model.onnx_data'))).size).toBeGreaterThan(0)
    })

    it(
      'keeps the pictures nearly, and halves the weights, in half precision',
      { timeout: 300_000 },
      async () => {
        const out = join(folder, 'half')
        const { code, errors } = await convert(join(folder, 'checkpoint'), out, '--half')
        expect(code, errors).toBe(0)
        const { text, image } = await drawBoth(out)
        expect(await typeOfSample(join(out, 'unet', 'model.onnx'))).toBe('float16')
        expect(mean(text, expected.text)).toBeLessThanOrEqual(1 / 255)
        expect(mean(image, expected.image)).toBeLessThanOrEqual(1 / 255)
        const bytes = async (name: string) => (await stat(join(folder, name, 'unet', 'model.onnx_data'))).size
        expect((await bytes('half')) / (await bytes('single'))).toBeLessThan(0.6)
      },
    )

    it('refuses pickled weights, cut-off weights and other pipelines, and leaves nothing', async () => {
      const bad = join(folder, 'bad')
      await cp(join(folder, 'checkpoint'), bad, { recursive: true })
      const weights = join(bad, 'unet', 'diffusion_pytorch_model.safetensors')
      const refusal = async () => {
        const { code, lines } = await convert(bad, join(folder, 'refused'))
        expect(code).toBe(1)
        await expect(stat(join(folder, 'refused'))).rejects.toThrow('ENOENT')
        return String(lines.at(-1)?.['error'])
      }
      await truncate(weights, (await stat(weights)).size - 100)
      expect(await refusal()).toMatch(/was cut off/)
      await rename(weights, join(bad, 'unet', 'diffusion_pytorch_model.bin'))
      expect(await refusal()).toMatch(/a pickle.*Take the safetensors version/)
      await writeFile(join(bad, 'model_index.json'), '{"_class_name": "StableDiffusionXLPipeline"}')
      expect(await refusal()).toMatch(/is a StableDiffusionXLPipeline/)
    })

    async function drawBoth(path: string) {
      const model = await loadDiffusionModel(path, { provider: 'cpu', threads: 1 })
      try {
        const image = { ...size, data: expected.photo }
        return {
          text: (await textToImage(model, request, size)).pictures[0]!.data,
          image: (await imageToImage(model, { ...request, image, strength: 0.7 })).pictures[0]!.data,
        }
      } finally {
        await model.dispose()
      }
    }

    async function convert(source: string, out: string, ...flags: string[]) {
      const { code, output, errors } = await runPython([
        '-m',
        'convert',
        '--source',
        source,
        '--out',
        out,
        ...flags,
      ])
      const lines = output
        .trim()
        .split('\n')
        .map((line) => Line.parse(JSON.parse(line)))
      return { code, lines, errors }
    }

    function runPython(args: string[]): Promise<{ code: number; output: string; errors: string }> {
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
      return new Promise((resolve) => {
        execFile(python!, args, { cwd: room, env }, (error, output, errors) =>
          resolve({ code: error ? 1 : 0, output, errors: errors.slice(-2000) }),
        )
      })
    }
  },
)

const Line = z.record(z.string(), z.unknown())
const request = {
  prompt: 'a photo of brushed steel',
  negativePrompt: 'blurry',
  steps: 6,
  guidanceScale: 7.5,
  sampler: 'Euler' as const,
  seeds: [42],
}

async function readExpected(file: string) {
  const text = z.object({ text: z.string(), image: z.string(), photo: z.string() })
  const given = text.parse(JSON.parse(await readFile(file, 'utf8')))
  const floats = (base64: string) => new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
  return {
    text: floats(given.text),
    image: floats(given.image),
    photo: new Uint8Array(Buffer.from(given.photo, 'base64')),
  }
}

async function typeOfSample(file: string): Promise<string | undefined> {
  const session = await openSession(file, { provider: 'cpu', threads: 1 })
  await session.dispose()
  return session.inputs.find(({ name }) => name === 'sample')?.type
}

function worst(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

function mean(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length
}
