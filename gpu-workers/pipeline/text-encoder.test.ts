/** Holds conditionings to diffusers' at each clip skip, and to A1111's weights; `goldens/clip_skip.py` made them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openSession, type OnnxSession } from '../runtime/session.ts'
import { goldensFolder, tinySd } from './golden.test-support.ts'
import { createTextEncoder } from './text-encoder.ts'
import { loadTokenizer } from './tokenizer.ts'

const folder = join(goldensFolder, 'clip-skip')
const About = z.object({
  prompt: z.string(),
  weighted: z.string(),
  layers: z.int(),
  tokens: z.int(),
  features: z.int(),
})
const about = About.parse(JSON.parse(readFileSync(join(folder, 'conditionings.json'), 'utf8')))
const blob = readFileSync(join(folder, 'conditionings.bin'))
const size = about.tokens * about.features
/** @param row the clip skips of the plain prompt, then those of the weighted one. */
const reference = (row: number) =>
  new Float32Array(
    blob.buffer.slice(blob.byteOffset + 4 * size * row, blob.byteOffset + 4 * size * (row + 1)),
  )

const tokenizer = await loadTokenizer(`${tinySd}/tokenizer`)
const session = await openSession(join(folder, 'text_encoder', 'model.onnx'), { provider: 'cpu', threads: 1 })
const plain = await openSession(`${tinySd}/text_encoder/model.onnx`, { provider: 'cpu', threads: 1 })
afterAll(() => Promise.all([session.dispose(), plain.dispose()]))

const full = createTextEncoder(session, tokenizer)
const rawOnly = createTextEncoder(
  withOutputs(session, (name) => !name.startsWith('normed_')),
  tokenizer,
)
const skips = Array.from({ length: about.layers }, (_, i) => i + 1)

describe('the text encoder', () => {
  it.each(skips)(
    'gives what diffusers gives at clip skip %i, with and without the norm in the graph',
    async (skip) => {
      const expected = reference(skip - 1)
      for (const encoder of [full, rawOnly]) {
        const { conditionings } = await encoder.encode([about.prompt], false, skip)
        expect(conditionings[0]!.shape).toEqual([1, about.tokens, about.features])
        expect(largestDifference(conditionings[0]!.data, expected)).toBeLessThan(2e-5)
      }
      if (skip > 1) expect(largestDifference(reference(skip - 2), expected)).toBeGreaterThan(0.05)
    },
  )

  it.each(skips)('weighs words as the reference does, at clip skip %i', async (skip) => {
    const { conditionings } = await full.encode([about.weighted], false, skip)
    expect(largestDifference(conditionings[0]!.data, reference(about.layers + skip - 1))).toBeLessThan(2e-5)
  })

  it('leaves what carries no weight to the last bit, brackets that are escaped included', async () => {
    const { conditionings } = await full.encode(
      ['rust (on) steel', 'rust \\(on\\) steel', 'rust (on:1.0) steel'],
      false,
    )
    const raw = await session.run(
      { input_ids: { data: tokenizer.encodeParts('rust (on) steel')[0]!, shape: [1, 77] } },
      ['last_hidden_state'],
    )
    expect(conditionings[1]!.data).toEqual(raw['last_hidden_state']!.data)
    expect(conditionings[0]!.data).not.toEqual(raw['last_hidden_state']!.data)
    expect(conditionings[2]!.data).not.toEqual(raw['last_hidden_state']!.data)
  })

  it('says how to get the layers where the encoder lacks them, and how far they go', async () => {
    const encoder = createTextEncoder(plain, tokenizer)
    await expect(encoder.encode(['rust'], false, 1)).resolves.toBeTruthy()
    await expect(encoder.encode(['rust'], false, 2)).rejects.toMatchObject({
      type: 'invalid-input',
      message: expect.stringContaining('models add'),
    })
    await expect(full.encode(['rust'], false, 12)).rejects.toMatchObject({
      type: 'invalid-input',
      message: expect.stringContaining(`Choose 1 … ${about.layers}.`),
    })
  })

  it('refuses to guess where no layer norm leads to the output', async () => {
    const bent = { ...session, outputs: session.outputs.filter(({ name }) => !name.startsWith('normed_')) }
    const encoder = createTextEncoder(
      { ...bent, run: async (feeds, names) => swapped(await session.run(feeds, names)) },
      tokenizer,
    )
    await expect(encoder.encode(['rust'], false, 2)).rejects.toMatchObject({ type: 'model-broken' })
  })
})

describe('long prompts', () => {
  const long = `${'scratch '.repeat(75)}(rust:1.5) on the steel surface`

  it('are read in chunks, and a shorter one is filled up with empty ones', async () => {
    const { conditionings, notes } = await full.encode([long, 'blurry'], true)
    expect(conditionings.map(({ shape }) => shape)).toEqual([
      [1, 154, about.features],
      [1, 154, about.features],
    ])
    const { conditionings: single } = await full.encode(['blurry', ''], true)
    expect(conditionings[1]!.data).toEqual(new Float32Array([...single[0]!.data, ...single[1]!.data]))
    expect(notes).toEqual([
      expect.stringMatching(/^The prompt "scratch .*…" has \d+ tokens; it is read in 2 parts of 75\.$/),
    ])
  })

  it('are cut where the UNet has one length, and what is lost is named', async () => {
    const { conditionings, notes } = await full.encode([long], false)
    expect(conditionings[0]!.shape).toEqual([1, 77, about.features])
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/the model reads the first 75 and not "rust on the steel surface"\.$/)
  })

  it('begin a new chunk at BREAK', async () => {
    const { conditionings, notes } = await full.encode(['steel BREAK (rust)', 'steel', '(rust)'], true)
    const { conditionings: apart } = await full.encode(['steel', '(rust)'], true)
    expect(conditionings[0]!.data).toEqual(new Float32Array([...apart[0]!.data, ...apart[1]!.data]))
    expect(notes).toEqual([expect.stringContaining('read in 2 parts')])
    const { conditionings: cut, notes: none } = await full.encode(['steel BREAK rust', 'steel rust'], false)
    expect([cut[0]!.data, none]).toEqual([cut[1]!.data, []])
  })
})

function withOutputs(whole: OnnxSession, keep: (name: string) => boolean): OnnxSession {
  return { ...whole, outputs: whole.outputs.filter(({ name }) => keep(name)) }
}

/** As if the encoder did something else than a norm at its end: tokens in reverse. */
function swapped(results: Awaited<ReturnType<OnnxSession['run']>>): typeof results {
  const last = results['last_hidden_state']
  if (!last) return results
  return { ...results, last_hidden_state: { ...last, data: last.data.toReversed() } }
}

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i]!)), 0)
}
