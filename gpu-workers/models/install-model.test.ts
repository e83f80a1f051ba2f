/** Models come in whole, checked and written down, from folders and zips; whatever else comes leaves nothing behind. */
import { createHash } from 'node:crypto'
import { readFile, rm, truncate, unlink, writeFile, copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filesBelow } from './check-files.ts'
import { goldensFolder, makePlace, type TestPlace } from './install.test-support.ts'
import { writeZip, type ZipEntry } from './zip-file.test-support.ts'

let place: TestPlace
beforeEach(async () => {
  place = await makePlace()
})
afterEach(() => place.remove())

const folder = (path: string) => ({ from: 'folder' as const, path })

/** The files of a tiny model as entries of a zip, in one folder as whoever packs it has them. */
async function zipOf(golden: string, more: ZipEntry[] = []): Promise<string> {
  const paths = await filesBelow(join(goldensFolder, golden))
  const entries = await Promise.all(
    paths.map(async (path) => {
      const data = await readFile(join(goldensFolder, golden, path))
      return { name: `${golden}/${path}`, data, deflate: true }
    }),
  )
  const file = join(place.dir, 'my model.zip')
  await writeZip(file, [...entries, ...more])
  return file
}

const zip = (path: string) => ({ from: 'zip' as const, path })

describe('installing', () => {
  it('takes a folder in, and writes down the hash of every file', async () => {
    const source = await place.copyOf('tiny-sd')
    const model = await place.install(folder(source), { id: 'mine' })
    expect(model).toMatchObject({
      id: 'mine',
      kind: 'diffusion',
      attention: 'unfused',
      origin: 'folder:tiny-sd',
    })
    expect(await place.left()).toEqual(['mine'])
    const manifest = JSON.parse(
      await readFile(join(place.modelsDir, 'mine', '.studio-model.json'), 'utf8'),
    ) as { files: Record<string, { sha256: string }> }
    const unet = await readFile(join(source, 'unet/model.onnx'))
    expect(manifest.files['unet/model.onnx']?.sha256).toBe(createHash('sha256').update(unet).digest('hex'))
    const steps = new Set(place.events.map((event) => (event.type === 'step' ? event.step : event.type)))
    expect([...steps]).toEqual(['copy', 'check', 'try', 'hash'])
  })

  it('takes a zip in whose files lie in one folder, and names it after the zip', async () => {
    const model = await place.install(zip(await zipOf('tiny-matting')))
    expect(model).toMatchObject({
      id: 'my-model',
      kind: 'matting',
      attention: null,
      origin: 'zip:my model.zip',
    })
    expect(await place.left()).toEqual(['my-model'])
  })

  it('leaves pickles out, and says so', async () => {
    const file = await zipOf('tiny-sd', [{ name: 'tiny-sd/unet/diffusion_pytorch_model.bin', data: 'x' }])
    await place.install(zip(file), { id: 'clean' })
    expect(place.events).toContainEqual({
      type: 'note',
      text: 'Left out, because it is a Python pickle: tiny-sd/unet/diffusion_pytorch_model.bin',
    })
    expect(await readdir(join(place.modelsDir, 'clean', 'unet'))).toEqual(['config.json', 'model.onnx'])
  })

  it('does not put a model in the place of another', async () => {
    const source = await place.copyOf('tiny-matting')
    await place.install(folder(source), { id: 'one' })
    await expect(place.install(folder(source), { id: 'one' })).rejects.toMatchObject({
      code: 'already-installed',
    })
    expect(await place.left()).toEqual(['one'])
  })

  it('stops when it is told to, and leaves nothing behind', async () => {
    const stop = new AbortController()
    const emit = (event: { type: string; step?: string }) => {
      if (event.step === 'check') stop.abort(new Error('stopped'))
    }
    const source = await place.copyOf('tiny-sd')
    await expect(place.install(folder(source), {}, { signal: stop.signal, emit })).rejects.toThrow('stopped')
    expect(await place.left()).toEqual([])
  })

  it('clears away what an installer left that was killed', async () => {
    await mkdir(place.modelsDir)
    // No process has this id: Linux goes up to 2^22.
    await mkdir(join(place.modelsDir, `.install-${(await import('node:os')).hostname()}-99999999-00c0ffee`))
    await place.install(folder(await place.copyOf('tiny-matting')), { id: 'one' })
    expect(await place.left()).toEqual(['one'])
  })
})

describe('what is refused', () => {
  afterEach(async () => expect(await place.left()).toEqual([]))

  it('refuses a folder that is no model, and says what it looked for', async () => {
    const source = join(place.dir, 'photos')
    await mkdir(source)
    await writeFile(join(source, 'readme.txt'), 'Holiday')
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'not-a-model',
      message: expect.stringContaining('Neither model_index.json'),
    })
  })

  it.each([
    [
      'model_index.json',
      '{"_class_name": "StableDiffusionXLPipeline"}',
      'This is a model for "StableDiffusionXLPipeline"',
    ],
    ['config.json', '{"model_type": "bert"}', 'is of a "bert" model'],
    ['config.json', '{"task": "speech"}', 'This model is for another task'],
  ])('refuses a model for another task by its %s %s', async (name, text, words) => {
    const source = await place.copyOf(name === 'config.json' ? 'tiny-matting' : 'tiny-sd')
    await writeFile(join(source, name), text)
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'wrong-task',
      message: expect.stringContaining(words),
    })
  })

  it('refuses a truncated weight file by name', async () => {
    const source = await place.copyOf('tiny-sd')
    await truncate(join(source, 'vae_decoder/model.onnx'), 90_000)
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'damaged-file',
      message: expect.stringContaining('vae_decoder/model.onnx is cut off or damaged'),
    })
  })

  it('refuses a weight file that is something else', async () => {
    const source = await place.copyOf('tiny-sd')
    await writeFile(join(source, 'unet/model.onnx'), '<!doctype html><title>Sign in</title>')
    await expect(place.install(folder(source))).rejects.toMatchObject({ code: 'damaged-file' })
  })

  it('refuses a UNet with surprising inputs', async () => {
    const source = await place.copyOf('tiny-sd')
    await copyFile(join(source, 'vae_decoder/model.onnx'), join(source, 'unet/model.onnx'))
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'unusable-model',
      message: expect.stringMatching(/The UNet has no input for a conditioning of 3 dimensions; it has/),
    })
  })

  it('refuses a UNet whose channels are not those of its config', async () => {
    const source = await place.copyOf('tiny-sd')
    const config = join(source, 'unet/config.json')
    await writeFile(config, (await readFile(config, 'utf8')).replace(/"in_channels": 4/, '"in_channels": 9'))
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'unusable-model',
      message: expect.stringContaining('The UNet takes 4 channels, its config.json says 9.'),
    })
  })

  it('refuses a model of which only pickles are there', async () => {
    const source = await place.copyOf('tiny-sd')
    await rm(join(source, 'unet/model.onnx'))
    await writeFile(join(source, 'unet/diffusion_pytorch_model.bin'), 'x')
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'unsafe-file',
      message: expect.stringContaining('unet/diffusion_pytorch_model.bin'),
    })
  })

  it('refuses a pickle in a zip that calls itself something else', async () => {
    const pickle = Buffer.from('80049528000000000000008c05706f736978948c0673797374656d', 'hex')
    const file = await zipOf('tiny-matting', [{ name: 'tiny-matting/vocab.txt', data: pickle }])
    await expect(place.install(zip(file))).rejects.toMatchObject({
      code: 'unsafe-file',
      message: expect.stringContaining('vocab.txt is a Python pickle, whatever its name says'),
    })
  })

  it('refuses an ONNX file whose weights are missing, or elsewhere', async () => {
    const source = await place.copyOf('tiny-matting')
    await writeFile(join(source, 'model.onnx'), onnxWithWeights('weights.data', 64))
    await expect(place.install(folder(source))).rejects.toThrow('needs its weights in weights.data')
    await writeFile(join(source, 'weights.data'), Buffer.alloc(63, 1))
    await expect(place.install(folder(source))).rejects.toThrow('weights.data is cut off: 63 of 64 bytes')
    await writeFile(join(source, 'model.onnx'), onnxWithWeights('../../secret.data', 64))
    await expect(place.install(folder(source))).rejects.toMatchObject({ code: 'unsafe-file' })
    await unlink(join(source, 'weights.data'))
  })

  it('says how to install the Python tools when PyTorch weights come without them', async () => {
    const source = await place.copyOf('tiny-sd')
    await rm(join(source, 'unet/model.onnx'))
    await writeFile(join(source, 'unet/diffusion_pytorch_model.safetensors'), safetensors(4))
    await expect(place.install(folder(source))).rejects.toMatchObject({
      code: 'python-missing',
      message: expect.stringContaining('npm run setup:python'),
    })
    await writeFile(join(source, 'unet/diffusion_pytorch_model.safetensors'), safetensors(3))
    await expect(place.install(folder(source))).rejects.toMatchObject({ code: 'damaged-file' })
  })
})

describe('a hostile zip', () => {
  const file = () => join(place.dir, 'bad.zip')
  afterEach(async () => {
    expect(await place.left()).toEqual([])
    expect(await readdir(place.dir)).toEqual(['bad.zip', 'models'])
  })

  it.each<[string, ZipEntry[], string]>([
    ['a path that leads out', [{ name: '../../evil.json', data: '{}' }], 'invalid relative path'],
    ['an absolute path', [{ name: '/tmp/evil.json', data: '{}' }], 'absolute path'],
    ['a Windows path', [{ name: 'a\\..\\evil.json', data: '{}' }], 'invalid characters'],
    ['a link', [{ name: 'unet/model.onnx', data: '/etc/passwd', mode: 0o120777 }], 'is a link'],
    [
      'one name twice',
      [
        { name: 'a.json', data: '{}' },
        { name: 'A.json', data: '{}' },
      ],
      'twice',
    ],
    ['a bomb', [{ name: 'a.json', data: new Uint8Array(20 * 2 ** 20), deflate: true }], 'would grow from'],
  ])('with %s is refused before anything is written', async (_what, entries, words) => {
    await writeZip(file(), entries)
    await expect(place.install(zip(file()))).rejects.toMatchObject({
      code: 'unsafe-zip',
      message: expect.stringContaining(words),
    })
  })

  it.each<[string, ZipEntry]>([
    [
      'more bytes than it announced',
      { name: 'a.json', data: Buffer.alloc(5000, '7'), deflate: true, claims: { size: 10 } },
    ],
    ['other bytes than it announced', { name: 'a.json', data: '{}', claims: { crc: 7 } }],
  ])('with %s is refused while it is unpacked', async (_what, entry) => {
    await writeZip(file(), [entry])
    await expect(place.install(zip(file()))).rejects.toMatchObject({ code: 'damaged-file' })
  })

  it('that is none is refused', async () => {
    await writeFile(file(), 'PK and nothing else')
    await expect(place.install(zip(file()))).rejects.toMatchObject({ code: 'damaged-file' })
  })
})

/** The least of an ONNX model: one operator, and one tensor that lies in another file. */
function onnxWithWeights(location: string, length: number): Buffer {
  const field = (number: number, body: Buffer | string) => {
    const bytes = Buffer.from(body)
    return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes])
  }
  const pair = (key: string, value: string) => field(13, Buffer.concat([field(1, key), field(2, value)]))
  const tensor = Buffer.concat([
    pair('location', location),
    pair('offset', '0'),
    pair('length', String(length)),
  ])
  return field(7, Buffer.concat([field(1, field(4, 'Add')), field(5, tensor)]))
}

/** One tensor of four bytes, of which `bytes` are there. */
function safetensors(bytes: number): Buffer {
  const header = Buffer.from('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}')
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, Buffer.alloc(bytes)])
}
