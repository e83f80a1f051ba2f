/** What the pipeline promises to those who hand it photos: sizes, untouched pixels, notes, cancelling. */
import { afterAll, describe, expect, it } from 'vitest'
import { createMask, type RgbImage } from '../images/raster.ts'
import { golden, goldenNumbers, goldensFolder } from './golden.test-support.ts'
import { createPipeline, type DiffusionCall, type Drawn } from './index.ts'

const pipeline = createPipeline({ modelsDirs: [goldensFolder], provider: 'cpu', threads: 1 })
afterAll(() => pipeline.dispose())

const call: DiffusionCall = {
  model: 'tiny-sd',
  prompt: golden.prompt,
  negativePrompt: golden.negativePrompt,
  steps: 2,
  guidanceScale: 7.5,
  sampler: 'DPM++ 2M',
  seeds: [42],
}

describe('textToImage', () => {
  it('gives the bytes of the reference', async () => {
    const one = golden.cases.find(({ tool, sampler }) => tool === 'text' && sampler === 'DPM++ 2M')!
    const { width, height } = golden
    const image = await first(pipeline.textToImage({ ...call, steps: one.steps, width, height }))
    const { pixels } = goldenNumbers(one)
    const differences = Array.from(image.data, (byte, i) =>
      Math.abs(byte - pixels[(i % 3) * width * height + Math.floor(i / 3)]! * 255),
    )
    expect(Math.max(...differences)).toBeLessThanOrEqual(0.51)
  })

  it.each([
    [64, 64],
    [72, 40],
  ])('gives exactly the size asked for: %i × %i', async (width, height) => {
    const image = await first(pipeline.textToImage({ ...call, width, height }))
    expect([image.width, image.height, image.data.length]).toEqual([width, height, 3 * width * height])
  })

  it.each([
    ['tiny-sd', 'the model reads the first 75'],
    ['tiny-sd-inpaint', 'it is read in 2 parts of 75'],
  ])('says what becomes of a prompt that is too long: %s', async (model, note) => {
    const prompt = 'scratch '.repeat(90)
    const { notes } = await pipeline.textToImage({ ...call, model, prompt, width: 64, height: 64 })
    expect(notes).toEqual([expect.stringMatching(`^The prompt "scratch .*…" has 90 tokens; ${note}`)])
  })

  it('tells each step, and stops between steps when aborted', async () => {
    const steps: string[] = []
    const abort = new AbortController()
    const drawing = pipeline.textToImage({
      ...call,
      steps: 50,
      width: 64,
      height: 64,
      signal: abort.signal,
      onStep({ step, total }) {
        steps.push(`${step}/${total}`)
        if (step === 3) abort.abort(new Error('stopped by hand'))
      },
    })
    await expect(drawing).rejects.toThrow('stopped by hand')
    expect(steps).toEqual(['1/50', '2/50', '3/50'])
  })

  it.each([
    [{ width: 60 }, 'Width must be a multiple of 8; it is 60.'],
    [{ steps: 0 }, 'Steps must be a whole number from 1 to 150; it is 0.'],
    [{ guidanceScale: 21 }, 'Guidance scale must be a number from 1 to 20; it is 21.'],
    [{ seeds: [2 ** 32] }, 'Seed must be a whole number from 0 to 4294967295'],
    [{ width: 8192, height: 8192 }, 'is too large'],
    [{ model: 'none' }, 'The model "none" is not installed.'],
  ])('refuses %j and says why', async (wrong, message) => {
    await expect(pipeline.textToImage({ ...call, width: 64, height: 64, ...wrong })).rejects.toThrow(message)
  })
})

describe('imageToImage', () => {
  it.each(['tiny-sd', 'tiny-sd-inpaint'])('gives a picture of the size of the photo: %s', async (model) => {
    const image = photo(203, 151)
    const drawn = await first(pipeline.imageToImage({ ...call, model, image, strength: 0.6 }))
    expect([drawn.width, drawn.height]).toEqual([203, 151])
    expect(drawn.data).not.toEqual(image.data)
  })

  it('gives the photo back and says so when the strength leaves no step', async () => {
    const image = photo(64, 64)
    const drawn = await pipeline.imageToImage({ ...call, image, strength: 0.1 })
    expect(drawn.pictures).toEqual([image])
    expect(drawn.notes).toEqual([expect.stringContaining('leaves no step to make')])
  })
})

describe('inpaint', () => {
  it.each(['tiny-sd', 'tiny-sd-inpaint'])(
    'changes the mask and not one pixel outside it: %s',
    async (model) => {
      const image = photo(517, 389)
      const mask = createMask(517, 389)
      // A thin scratch: two pixels wide, it lies between the points where latents are sampled.
      for (const y of [133, 134]) mask.data.fill(255, y * 517 + 201, y * 517 + 260)
      const result = await first(pipeline.inpaint({ ...call, model, image, mask, strength: 1, feather: 0 }))
      let changedInside = 0
      let changedOutside = 0
      for (let i = 0; i < mask.data.length; i++) {
        const same = [0, 1, 2].every((c) => result.image.data[3 * i + c] === image.data[3 * i + c])
        if (!same && mask.data[i] === 0) changedOutside++
        if (!same && mask.data[i] !== 0) changedInside++
      }
      expect([changedOutside, result.changedOutside]).toEqual([0, 0])
      expect(changedInside).toBeGreaterThan(100)
    },
  )

  it('draws only the marked places of a photo of 12 megapixels, at its corners and borders too', async () => {
    const [width, height] = [4000, 3000]
    const image = photo(width, height)
    const mask = createMask(width, height)
    const spots = [[0, 0], [3970, 1500], [2000, 2970], [1203, 777]] as const // prettier-ignore
    for (const [x, y] of spots)
      for (let row = y; row < y + 30; row++) mask.data.fill(255, row * width + x, row * width + x + 30)
    const before = new Uint8Array(image.data)
    const drawn = pipeline.inpaint({ ...call, steps: 4, image, mask, strength: 0.5, feather: 3 })
    const result = await first(drawn)
    expect(Buffer.from(image.data).equals(before)).toBe(true)
    const changed = spots.map(() => 0)
    let changedOutside = 0
    for (let i = 0; i < mask.data.length; i++) {
      const at = i * 3
      const same =
        result.image.data[at] === before[at] &&
        result.image.data[at + 1] === before[at + 1] &&
        result.image.data[at + 2] === before[at + 2]
      if (same) continue
      if (mask.data[i] === 0) changedOutside++
      const spot = spots.findIndex(([x, y]) => Math.abs((i % width) - x) < 40 && Math.abs(i / width - y) < 40)
      changed[spot]!++
    }
    expect(changedOutside).toBe(0)
    for (const count of changed) expect(count).toBeGreaterThan(300)
  })

  it('draws spots that lie far apart one after the other, and counts their steps together', async () => {
    const image = photo(400, 100)
    const mask = createMask(400, 100)
    for (const x of [5, 390]) mask.data.fill(255, 50 * 400 + x, 50 * 400 + x + 5)
    const steps: string[] = []
    const onStep = ({ step, total }: { step: number; total: number }) => void steps.push(`${step}/${total}`)
    const result = await first(pipeline.inpaint({ ...call, image, mask, strength: 1, feather: 0, onStep }))
    expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4'])
    const changed = (from: number) =>
      [0, 1, 2].some((i) => result.image.data[from * 3 + i] !== image.data[from * 3 + i])
    expect([changed(50 * 400 + 7), changed(50 * 400 + 392), changed(50 * 400 + 200)]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('refuses a mask that marks nothing and one of another size', async () => {
    const image = photo(64, 64)
    const blank = { ...call, image, strength: 1, feather: 0 }
    await expect(pipeline.inpaint({ ...blank, mask: createMask(64, 64) })).rejects.toThrow(
      'The mask is all black',
    )
    await expect(pipeline.inpaint({ ...blank, mask: createMask(64, 32) })).rejects.toMatchObject({
      type: 'size-mismatch',
    })
  })
})

describe('several pictures', () => {
  const seeds = [7, 8, 2 ** 32 - 1]
  const image = photo(64, 48)
  const mask = createMask(64, 48)
  for (let y = 10; y < 30; y++) mask.data.fill(255, y * 64 + 8, y * 64 + 40)
  const tools = {
    textToImage: (own: Partial<DiffusionCall>, from = pipeline) =>
      from.textToImage({ ...call, ...own, width: 64, height: 48 }),
    imageToImage: (own: Partial<DiffusionCall>, from = pipeline) =>
      from.imageToImage({ ...call, ...own, image, strength: 0.8 }),
    inpaint: async (own: Partial<DiffusionCall>, from = pipeline) => {
      const drawn = await from.inpaint({ ...call, ...own, image, mask, strength: 1, feather: 0 })
      return { ...drawn, pictures: drawn.pictures.map((one) => one.image) }
    },
  }

  it.each(
    Object.keys(tools).flatMap((tool) =>
      ['tiny-sd', 'tiny-sd-inpaint'].map((model) => [tool as keyof typeof tools, model] as const),
    ),
  )('are the same alone, together, and in parts: %s with %s', async (tool, model) => {
    // 1 MiB leaves room for one at a time.
    const narrow = createPipeline({
      ...{ modelsDirs: [goldensFolder], provider: 'cpu', threads: 1 },
      memoryLimitMb: 1,
    })
    const sampler = 'Euler a'
    const steps: string[] = []
    const onStep = ({ step, total }: { step: number; total: number }) => void steps.push(`${step}/${total}`)
    const together = await tools[tool]({ model, sampler, seeds, onStep, steps: 4 })
    const counted = steps.splice(0)
    const split = await tools[tool]({ model, sampler, seeds, onStep, steps: 4 }, narrow)
    expect(together.pictures.length).toBe(3)
    expect(steps.length).toBe(3 * counted.length)
    expect(steps.at(-1)).toBe(`${steps.length}/${steps.length}`)
    for (const [i, seed] of seeds.entries()) {
      const alone = await first(tools[tool]({ model, sampler, seeds: [seed], steps: 4 }))
      for (const other of [together, split])
        expect(largestDifference(other.pictures[i]!.data, alone.data)).toBeLessThanOrEqual(1)
    }
    expect(largestDifference(together.pictures[0]!.data, together.pictures[1]!.data)).toBeGreaterThan(8)
    await narrow.dispose()
  })
})

describe('createPipeline', () => {
  it('warms a model up, so that the first picture finds it loaded', async () => {
    const fresh = createPipeline({ modelsDirs: [goldensFolder], provider: 'cpu', threads: 1 })
    await fresh.warmUp('tiny-sd')
    await fresh.warmUp('tiny-matting')
    expect(fresh.loaded().map(({ id }) => id)).toEqual(['tiny-sd', 'tiny-matting'])
    await expect(fresh.warmUp('none')).rejects.toMatchObject({ type: 'model-missing' })
    await fresh.dispose()
  })

  it('keeps models loaded, and one load serves callers at the same time', async () => {
    const fresh = createPipeline({ modelsDirs: [goldensFolder], provider: 'cpu', threads: 1 })
    const size = { width: 32, height: 32 }
    const [a, b] = await Promise.all([
      fresh.textToImage({ ...call, ...size }),
      fresh.textToImage({ ...call, ...size }),
    ])
    expect(a.pictures).toEqual(b.pictures)
    expect(fresh.loaded()).toEqual([{ id: 'tiny-sd', bytes: expect.any(Number) as number, inUse: 0 }])
    await fresh.dispose()
    expect(fresh.loaded()).toEqual([])
  })

  it('cuts out with a matting model', async () => {
    const { mask } = await pipeline.removeBackground({ model: 'tiny-matting', image: photo(100, 80) })
    expect([mask.width, mask.height]).toEqual([100, 80])
  })
})

async function first<T>(drawing: Promise<Drawn<T>>): Promise<T> {
  return (await drawing).pictures[0]!
}

function photo(width: number, height: number): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < data.length; i++) data[i] = (i * 37 + Math.floor(i / (3 * width)) * 11) % 256
  return { width, height, data }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0)
}
