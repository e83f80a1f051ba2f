/** What is listed as installed, and what is said of folders that are not. */
import { cp, mkdir, mkdtemp, open, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { goldensFolder } from './golden.test-support.ts'
import { readManifest, writeManifest } from '../models/manifest.ts'
import { createModelShelf } from './models.ts'

let dir: string
afterEach(() => rm(dir, { recursive: true, force: true }))
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'models-'))
})

const add = (from: string, as: string) => cp(join(goldensFolder, from), join(dir, as), { recursive: true })

/** Another time, the same bytes. */
const touch = (file: string) => utimes(file, 1, 1)

describe('createModelShelf', () => {
  it('lists what each model says of itself', async () => {
    for (const name of ['tiny-matting', 'tiny-sd', 'tiny-sd-inpaint']) await add(name, name)
    const { models, problems } = await createModelShelf({ modelsDirs: [dir] }).list()
    expect(problems).toEqual([])
    expect(
      models.map(({ id, kind, channels, predictionType }) => ({ id, kind, channels, predictionType })),
    ).toEqual([
      { id: 'tiny-matting', kind: 'matting', channels: null, predictionType: null },
      { id: 'tiny-sd', kind: 'diffusion', channels: 4, predictionType: 'epsilon' },
      { id: 'tiny-sd-inpaint', kind: 'diffusion', channels: 9, predictionType: 'v_prediction' },
    ])
    expect(models[1]).toMatchObject({ licence: 'Apache-2.0', nativeSide: 64, attention: 'unfused' })
    expect(models[1]!.bytes).toBeGreaterThan(500_000)
  })

  it('gives a copy the same digest, and a changed file another', async () => {
    await add('tiny-sd', 'copy')
    const shelf = createModelShelf({ modelsDirs: [goldensFolder, dir] })
    const digests = async () => new Map((await shelf.list()).models.map(({ id, digest }) => [id, digest]))
    const before = await digests()
    expect(before.get('copy')).toBe(before.get('tiny-sd'))
    await writeFile(join(dir, 'copy/scheduler/scheduler_config.json'), '{"beta_end": 0.013}')
    expect((await digests()).get('copy')).not.toBe(before.get('copy'))
  })

  it('knows large files by every byte, and does not read them again when it starts anew', async () => {
    await add('tiny-matting', 'large')
    const file = join(dir, 'large', 'extra.data')
    const handle = await open(file, 'w')
    await handle.truncate(65 * 2 ** 20)
    const digestOf = async () => (await createModelShelf({ modelsDirs: [dir] }).list()).models[0]!.digest
    const before = await digestOf()
    const kept = await readManifest(join(dir, 'large'))
    expect(kept?.files['extra.data']?.size).toBe(65 * 2 ** 20)
    // Whoever starts anew believes what was written down, while size and time are the same.
    await writeManifest(join(dir, 'large'), {
      ...kept!,
      files: { ...kept!.files, 'extra.data': { ...kept!.files['extra.data']!, sha256: '0'.repeat(64) } },
    })
    expect(await digestOf()).not.toBe(before)
    await handle.write('x', 33 * 2 ** 20)
    await handle.close()
    const changed = await digestOf()
    await touch(file)
    expect(await digestOf()).toBe(changed)
    expect(changed).not.toBe(before)
  })

  it('begins the ids of shipped models with "starter"', async () => {
    await add('tiny-sd', 'starter')
    await add('tiny-matting', 'matting')
    const { models } = await createModelShelf({ modelsDirs: [], shippedDir: dir }).list()
    expect(models.map(({ id }) => id)).toEqual(['starter-matting', 'starter'])
  })

  it('does not list a folder that is half there, and says what it lacks', async () => {
    await add('tiny-sd', 'half')
    await rm(join(dir, 'half/unet/model.onnx'))
    await add('tiny-sd', 'odd')
    await writeFile(join(dir, 'odd/unet/config.json'), '{"in_channels": 5}')
    await mkdir(join(dir, 'notes'))
    await add('tiny-matting', 'other-task')
    await writeFile(join(dir, 'other-task/config.json'), '{"task": "depth"}')
    const shelf = createModelShelf({ modelsDirs: [dir, join(dir, 'absent')] })
    const { models, problems } = await shelf.list()
    expect(models).toEqual([])
    expect(problems.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('half has no unet/model.onnx'),
      expect.stringContaining('has no model_index.json'),
      expect.stringContaining('its UNet takes 5 channels; only 4 and 9 are served'),
      expect.stringContaining('This model is for another task'),
    ])
    await expect(shelf.find('half', 'diffusion')).rejects.toMatchObject({ type: 'model-broken' })
  })

  it('knows by its config.json what each folder is for, and names what is needed instead of another', async () => {
    for (const [from, as] of [
      ['../super-resolution/goldens/tiny-upscaler', 'larger'],
      ['../image-text/goldens/tiny-clip', 'clip'],
      ['../matting/goldens/tiny-birefnet', 'cut'],
    ] as const)
      await add(from, as)
    const shelf = createModelShelf({ modelsDirs: [dir] })
    const { models, problems } = await shelf.list()
    expect(problems).toEqual([])
    expect(models.map(({ id, kind }) => [id, kind])).toEqual([
      ['clip', 'image-text'],
      ['cut', 'matting'],
      ['larger', 'super-resolution'],
    ])
    await expect(shelf.find('cut', 'super-resolution')).rejects.toThrow(
      'The model "cut" is a matting model, and a super-resolution model is needed. Choose one of: larger.',
    )
    await rm(join(dir, 'clip/onnx/text_model.onnx'))
    await rm(join(dir, 'larger/config.json'))
    const half = await shelf.list()
    expect(half.problems.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('it has neither vision_model.onnx with text_model.onnx nor model.onnx'),
      expect.stringContaining('It has no config.json.'),
    ])
  })

  it('names the models that could be chosen instead of one that is not there', async () => {
    const shelf = createModelShelf({ modelsDirs: [goldensFolder] })
    await expect(shelf.find('sd-turbo', 'diffusion')).rejects.toThrow(
      'The model "sd-turbo" is not installed. Choose one of: tiny-sd, tiny-sd-inpaint.',
    )
    await expect(shelf.find('tiny-matting', 'diffusion')).rejects.toThrow('is a matting model')
  })
})
