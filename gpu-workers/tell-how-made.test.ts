/** Every tool's files say how they were made, with the very pixels that they have without saying so. */
import { fileURLToPath } from 'node:url'
import { readPicture } from '@defect-studio/nodes'
import { artifactKey } from '@defect-studio/stores/artifacts'
import type { Picture } from '@defect-studio/activities/inference'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeMaskPng, encodePng } from './images/encode-png.ts'
import { createMask } from './images/raster.ts'
import { renderTestPhoto } from './images/test-photos.ts'
import { createPipeline } from './pipeline/index.ts'
import { createStudioPipeline } from './studio-pipeline.ts'
import { tellHowMade } from './tell-how-made.ts'

const models = createPipeline({
  modelsDirs: [fileURLToPath(new URL('./goldens', import.meta.url))],
  provider: 'cpu',
  threads: 1,
})
afterAll(() => models.dispose())
const silent = createStudioPipeline(models)
const telling = tellHowMade(silent, models)

const work = { signal: new AbortController().signal, onStep: () => {} }
const photo = await encodePng(renderTestPhoto('checks', 48, 32))
const marked = createMask(48, 32)
for (let y = 8; y < 20; y++) marked.data.fill(255, y * 48 + 10, y * 48 + 30)
const mask = await encodeMaskPng(marked)
const order = {
  model: 'tiny-sd',
  prompt: '(강철:1.2) 🔩',
  negativePrompt: 'blurry',
  steps: 2,
  guidanceScale: 7,
  sampler: 'DDIM' as const,
  clipSkip: 1,
}
const said = ({ bytes }: Picture) => readPicture(bytes).made
const pixels = ({ bytes }: Picture) => sharp(bytes).raw().toBuffer()

describe('the file of a picture', () => {
  it('tells prompt, seed, sampler, size and the model with its digest, one seed for each picture', async () => {
    const call = { ...order, seeds: [41, 42], width: 48, height: 32 }
    const [first, second] = (await telling.textToImage(call, work)).pictures
    const { seeds: _seeds, ...params } = call
    expect(said(first!.image)).toEqual({
      metadataVersion: 1,
      tool: 'text-to-image',
      output: 'image',
      params: { ...params, seed: 41 },
      model: { id: 'tiny-sd', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      width: 48,
      height: 32,
    })
    expect(said(second!.image)?.params['seed']).toBe(42)
    expect(readPicture(first!.image.bytes).parameters).toContain(
      'Negative prompt: blurry\nSteps: 2, Sampler: DDIM',
    )
    const without = (await silent.textToImage(call, work)).pictures[0]!
    expect(await pixels(first!.image)).toEqual(await pixels(without.image))
    const again = (await telling.textToImage(call, work)).pictures[0]!
    expect(again.image.bytes).toEqual(first!.image.bytes)
  })

  it('carries the proof that nothing outside the mask changed', async () => {
    const drawn = await telling.inpaint(
      { ...order, seeds: [1], image: photo, mask, strength: 1, feather: 0 },
      work,
    )
    const cleaned = await telling.cleanUp({ image: photo, mask, seed: 3, method: 'telea' }, work)
    for (const picture of [drawn.pictures[0]!.image, cleaned.image])
      expect(said(picture)?.certificate).toMatchObject({
        original: artifactKey(photo),
        mask: artifactKey(mask),
        changedOutside: 0,
      })
    expect(said(cleaned.image)).toMatchObject({ tool: 'clean-up', params: { method: 'telea', seed: 3 } })
    const repainted = await telling.cleanUp(
      {
        image: photo,
        mask,
        seed: 3,
        method: 'diffusion',
        model: 'tiny-sd-inpaint',
        prompt: 'steel',
        steps: 2,
      },
      work,
    )
    expect(said(repainted.image)?.model?.id).toBe('tiny-sd-inpaint')
    const { graph, notes } = readPicture(repainted.image.bytes)
    expect(graph?.nodes.find(({ type }) => type === 'clean-up')?.params).toEqual({
      method: 'diffusion',
      diffusionModel: 'tiny-sd-inpaint',
      prompt: 'steel',
      steps: 2,
      seed: 3,
    })
    expect(notes).toHaveLength(1)
  })

  it('tells it of masks and cut-outs too, and which of the two they are', async () => {
    const shape = {
      mode: 'random',
      shape: 'blob',
      size: 0.3,
      count: 2,
      seed: 5,
      width: 48,
      height: 32,
    } as const
    const made = await telling.makeMask(shape, work)
    expect(said(made)).toMatchObject({ tool: 'mask', output: 'mask', params: { shapes: 2, seed: 5 } })
    const defect = await telling.drawDefect(
      { image: photo, kind: 'crack', size: 0.5, severity: 0.7, count: 1, seed: 9 },
      work,
    )
    expect([said(defect.image)?.output, said(defect.mask)?.output]).toEqual(['image', 'mask'])
    expect(said(defect.mask)).toMatchObject({ tool: 'draw-defect', params: { kind: 'crack', seed: 9 } })
    const cut = await telling.removeBackground({ image: photo, model: 'tiny-matting' }, work)
    expect(said(cut.image)).toMatchObject({ tool: 'remove-background', model: { id: 'tiny-matting' } })
    expect((await sharp(cut.image.bytes).metadata()).channels).toBe(4)
  })
})
