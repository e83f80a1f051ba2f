/** Ranks phrases and makes prompts with real encoders: a random CLIP against transformers, and a hand-made pair. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decodeImage } from '../images/decode-image.ts'
import { loadDualEncoder, type DualEncoder } from './dual-encoder.ts'
import { createEmbeddingShelf } from './embedding-shelf.ts'
import { preparePhoto, PhotoPreparation } from './prepare-photo.ts'
import { readPhrases, shippedPhrases } from './phrase-list.ts'
import { suggestPrompts, type SuggestOrder } from './suggest-prompts.ts'

const here = (path: string) => fileURLToPath(new URL(`goldens/${path}`, import.meta.url))
const cpu = { provider: 'cpu', threads: 1 } as const
const Golden = z.object({
  texts: z.array(z.string()),
  cosines: z.array(z.number()),
  pixels: z.object({ shape: z.array(z.number()), some: z.array(z.number()) }),
})
const golden = Golden.parse(JSON.parse(await readFile(here('golden.json'), 'utf8')))
const photo = await decodeImage(await readFile(here('photo.png')))
const split = await loadDualEncoder(here('tiny-clip'), cpu)
const whole = await loadDualEncoder(here('tiny-clip-whole'), cpu)
afterAll(() => Promise.all([split.dispose(), whole.dispose()]))

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('an exported CLIP', () => {
  it('sees the photo as transformers prepares it', async () => {
    const config: unknown = JSON.parse(await readFile(here('tiny-clip/preprocessor_config.json'), 'utf8'))
    const { data, shape } = await preparePhoto(photo, PhotoPreparation.parse(config))
    expect(shape).toEqual(golden.pixels.shape)
    const worst = Math.max(...golden.pixels.some.map((value, i) => Math.abs(value - data[97 * i]!)))
    // Two levels of 255 over CLIP's deviation: two libraries' bicubic filters.
    expect(worst).toBeLessThan(0.03)
  })

  it.each([
    ['split into two files', split],
    ['in one file, with a mask', whole],
  ])('%s says the same as transformers, also of empty and long texts', async (_layout, model) => {
    const seen = await model.embedPhoto(photo)
    const texts = await model.embedTexts(golden.texts)
    for (const [i, text] of texts.entries()) expect(dot(seen, text)).toBeCloseTo(golden.cosines[i]!, 2)
    // One by one or together, short or beside a long one.
    const alone = await model.embedTexts([golden.texts[0]!])
    expect(dot(alone[0]!, texts[0]!)).toBeCloseTo(1, 5)
  })

  it('is refused when its text encoder has no projection, with what to export', async () => {
    await expect(loadDualEncoder(here('tiny-clip-pooled'), cpu)).rejects.toMatchObject({
      type: 'model-broken',
      message: expect.stringContaining('gives last_hidden_state, pooler_output; "text_embeds" is needed'),
    })
  })

  it.each([
    ['preprocessor_config.json', 'it has no preprocessor_config.json'],
    ['merges.txt', 'it has neither tokenizer.json nor vocab.json with merges.txt'],
    ['onnx/text_model.onnx', 'it has neither vision_model.onnx with text_model.onnx nor model.onnx'],
    ['config.json', 'it has no config.json'],
  ])('is refused without %s', async (file, reason) => {
    const folder = join(await mkdtemp(join(tmpdir(), 'clip-')), 'clip')
    await cp(here('tiny-clip'), folder, { recursive: true })
    await rm(join(folder, file))
    await expect(loadDualEncoder(folder, cpu)).rejects.toThrow(reason)
  })

  it('is found at the top of the folder too, and made smaller', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'clip-')), 'clip')
    await cp(here('tiny-clip'), folder, { recursive: true })
    for (const name of ['vision_model', 'text_model'])
      await rename(join(folder, 'onnx', `${name}.onnx`), join(folder, `${name}_quantized.onnx`))
    const model = await loadDualEncoder(folder, cpu)
    expect(dot(await model.embedPhoto(photo), await split.embedPhoto(photo))).toBeCloseTo(1, 5)
    await model.dispose()
  })
})

/** An encoder whose space has one axis for each word: a text points where its words do, a photo where we say. */
function wordEncoder(sees: Record<string, number>): DualEncoder & { asked: string[] } {
  const words = ['steel', 'wood', 'rust', 'crack', 'dim', 'sharp', 'text', 'cartoon']
  const unit = (own: number[]) => {
    const length = Math.hypot(...own) || 1
    return Float32Array.from(own, (value) => value / length)
  }
  const asked: string[] = []
  return {
    kind: 'image-text',
    bytes: 0,
    phrases: null,
    asked,
    embedPhoto: async () => unit([...words.map((word) => sees[word] ?? 0), 0.2]),
    async embedTexts(texts) {
      asked.push(...texts)
      return texts.map((text) => unit([...words.map((word) => text.split(word).length - 1), 0.5]))
    },
    fits: (text) => text.length < 80,
    dispose: async () => {},
  }
}

const ownPhrases =
  '[material]\nsteel\nwood\n[defect]\nrust\ncrack\n[light]\ndim\n[camera]\nsharp\n\n[negative]\ntext\ncartoon'
const order = (change: Partial<SuggestOrder>): SuggestOrder => ({
  mode: 'fast',
  caption: '',
  count: 3,
  phrases: ownPhrases,
  ...change,
})
const seesRustySteel = { steel: 1, rust: 0.8, dim: 0.3, wood: -0.4, crack: -0.1, cartoon: -0.3 }

describe('suggestPrompts', () => {
  const ask = (change: Partial<SuggestOrder>, model: DualEncoder = wordEncoder(seesRustySteel)) =>
    suggestPrompts(model, 'digest', createEmbeddingShelf(), photo, order(change))

  it('ranks every phrase by how well it fits', async () => {
    const { ranked } = await ask({})
    expect(ranked.map(({ phrase }) => phrase).slice(0, 3)).toEqual(['steel', 'rust', 'dim'])
    expect(ranked[0]).toMatchObject({ category: 'material' })
    expect(ranked.at(-1)!.phrase).toBe('wood')
    expect(ranked.every(({ score }) => score >= -1 && score <= 1)).toBe(true)
  })

  it('fast: the best phrases behind the caption, or behind what the photo shows', async () => {
    expect((await ask({ caption: 'a photo' })).prompt).toBe('a photo, steel, rust, dim')
    expect((await ask({ count: 1 })).prompt).toBe('steel with rust, dim')
  })

  it('classic: the best of each category in the order of the list', async () => {
    expect((await ask({ mode: 'classic', caption: 'a part', count: 9 })).prompt).toBe(
      'a part, steel, rust, dim, sharp',
    )
  })

  it('best: of all ways the prompt that is closest, never a phrase that only leads away at the end', async () => {
    const { prompt } = await ask({ mode: 'best', caption: 'steel', count: 6 })
    expect(prompt).toContain('rust')
    expect(prompt).not.toMatch(/wood|crack|cartoon|steel.*steel/)
  })

  it('negative: what the photo is least like, with the words for it', async () => {
    const { prompt } = await ask({ mode: 'negative', count: 2 })
    expect(prompt.split(', ').toSorted()).toEqual(['cartoon', 'wood'])
  })

  it('never makes a prompt that the encoder does not read to its end', async () => {
    const { prompt } = await ask({ caption: 'a photo '.repeat(8).trim(), count: 32 })
    expect(prompt.length).toBeLessThan(80)
  })

  it('reads the same list once for many photos, and again for another model', async () => {
    const model = wordEncoder(seesRustySteel)
    const shelf = createEmbeddingShelf()
    for (const digest of ['a', 'a', 'b']) await suggestPrompts(model, digest, shelf, photo, order({}))
    expect(model.asked.filter((text) => text === 'steel')).toHaveLength(2)
  })

  it('stops between two phrases when nobody waits any more', async () => {
    const stop = new AbortController()
    const onStep = (step: number) => step === 1 && stop.abort(new Error('enough'))
    await expect(ask({ mode: 'best', signal: stop.signal, onStep })).rejects.toThrow('enough')
  })

  it('refuses encoders that do not belong together, and a list without phrases', async () => {
    const model = { ...wordEncoder({}), embedPhoto: async () => new Float32Array(3) }
    await expect(ask({}, model)).rejects.toMatchObject({ type: 'model-broken' })
    await expect(ask({ phrases: '[defect]\n' })).rejects.toMatchObject({ type: 'invalid-input' })
    await expect(ask({ phrases: '{"defect": "rust"}' })).rejects.toMatchObject({ type: 'invalid-input' })
    await expect(ask({ phrases: '{oops' })).rejects.toThrow('The list of phrases is no JSON')
  })
})

describe('the lists of phrases', () => {
  it('are read from lines or from JSON alike', () => {
    const list = { phrases: ['a'], defect: ['rust', 'a long crack'] }
    expect(readPhrases('a\n[defect]\n rust \r\na long crack\n')).toEqual(list)
    expect(readPhrases(JSON.stringify(list))).toEqual(list)
  })

  it('that come with the product have no phrase twice in a category', () => {
    expect(Object.keys(shippedPhrases)).toEqual([
      'material',
      'defect',
      'finish',
      'light',
      'camera',
      'negative',
    ])
    for (const phrases of Object.values(shippedPhrases)) expect(new Set(phrases).size).toBe(phrases.length)
  })

  it('of a model go before the product’s', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'clip-')), 'clip')
    await cp(here('tiny-clip'), folder, { recursive: true })
    await writeFile(join(folder, 'phrases.json'), '{"defect": ["a bent pin"]}')
    const model = await loadDualEncoder(folder, cpu)
    const { ranked } = await suggestPrompts(model, 'd', createEmbeddingShelf(), photo, order({ phrases: '' }))
    await model.dispose()
    expect(ranked.map(({ phrase }) => phrase)).toEqual(['a bent pin'])
  })
})
