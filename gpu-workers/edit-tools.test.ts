/** Files in, files out: cutting out, describing and enlarging as the activities call them, on small real nets. */
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { encodePng, encodeRgbaPng } from './images/encode-png.ts'
import { renderTestPhoto } from './images/test-photos.ts'
import { createPipeline } from './pipeline/index.ts'
import { createStudioPipeline } from './studio-pipeline.ts'

const models = createPipeline({
  modelsDirs: ['matting', 'image-text', 'super-resolution'].map((room) =>
    fileURLToPath(new URL(`${room}/goldens`, import.meta.url)),
  ),
  provider: 'cpu',
  threads: 1,
})
afterAll(() => models.dispose())
const tools = createStudioPipeline(models)
const steps: number[][] = []
const work = {
  signal: new AbortController().signal,
  onStep: (...step: [number, number]) => void steps.push(step),
}

/** A bright part on a dark ground. */
const part = await encodePng({
  width: 80,
  height: 60,
  data: new Uint8Array(3 * 80 * 60).map((_, i) => (Math.floor(i / 3) % 80 > 40 ? 240 : 10)),
})

it('puts the part on a colour, or on nothing', async () => {
  const order = { image: part, model: 'tiny-isnet' }
  const onBlue = await tools.removeBackground({ ...order, colour: '#1020ff' }, work)
  const pixels = await sharp(onBlue.image.bytes).raw().toBuffer({ resolveWithObject: true })
  expect(pixels.info.channels).toBe(3)
  expect([...pixels.data.subarray(0, 3)].map((value) => Math.round(value / 16))).toEqual([1, 2, 16])
  const { image } = await tools.removeBackground(order, work)
  expect((await sharp(image.bytes).metadata()).hasAlpha).toBe(true)
  expect([onBlue.mask.width, onBlue.mask.height]).toEqual([80, 60])
})

it('says which phrases fit, no more of them than a run should keep', async () => {
  const order = { model: 'tiny-clip', mode: 'classic', caption: '', count: 4, phrases: '' } as const
  const { prompt, ranked } = await tools.suggestPrompts({ ...order, image: part }, work)
  expect(ranked).toHaveLength(60)
  expect(prompt.split(', ').length).toBeGreaterThan(2)
  expect(ranked.map(({ score }) => score)).toEqual(ranked.map(({ score }) => score).toSorted((a, b) => b - a))
})

it('enlarges a photo and tells each piece, and keeps glass only where there is some', async () => {
  steps.length = 0
  const photo = await encodePng(renderTestPhoto('checks', 100, 70))
  const large = await tools.upscale({ image: photo, model: 'tiny-upscaler', factor: 2 }, work)
  expect(large).toMatchObject({ width: 200, height: 140, mediaType: 'image/png' })
  expect((await sharp(large.bytes).metadata()).channels).toBe(3)
  expect(steps.length).toBeGreaterThan(1)
  expect(steps.at(-1)).toEqual([steps.length, steps.length])
  const glass = await encodeRgbaPng({ width: 8, height: 8, data: new Uint8Array(256).fill(90) })
  const still = await tools.upscale({ image: glass, model: 'tiny-upscaler', factor: 2 }, work)
  expect(await sharp(still.bytes).metadata()).toMatchObject({ channels: 4, width: 16, height: 16 })
})
