/** What is written into a picture comes back as the graph that makes it again; what strangers write is checked. */
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { checkGraph } from '../check-graph.ts'
import { nodeDefinitions } from '../node-definitions.ts'
import type { Graph } from '../graph.ts'
import type { MadePicture } from './made-picture.ts'
import { readParameters, writeParameters } from './parameters-text.ts'
import { withPngTexts } from './png-texts.ts'
import { readPicture } from './read-picture.ts'
import { withGraph, withMade } from './write-picture.ts'

const pixels = { width: 8, height: 8, channels: 3 as const, background: '#a05030' }
const png = new Uint8Array(await sharp({ create: pixels }).png().toBuffer())

const made: MadePicture = {
  metadataVersion: 1,
  tool: 'text-to-image',
  output: 'image',
  params: {
    model: 'sd15',
    prompt: '강철 (긁힘:1.2), "macro"\nSteps: none',
    negativePrompt: 'blurry',
    steps: 30,
    guidanceScale: 7.5,
    sampler: 'DPM++ 2M Karras',
    clipSkip: 2,
    seed: 4294967295,
    width: 512,
    height: 768,
  },
  model: { id: 'sd15', digest: 'a'.repeat(64) },
  width: 512,
  height: 768,
}

const nodeOf = (graph: Graph | null, type: string) => graph?.nodes.find((node) => node.type === type)

describe('a picture of ours', () => {
  it('tells how it was made, and a graph with the same params can be drawn from it', () => {
    const read = readPicture(withMade(png, made))
    expect(read.made).toEqual(made)
    expect(read.graphFrom).toBe('made')
    const { prompt, ...params } = made.params
    expect(nodeOf(read.graph, 'text-to-image')?.params).toEqual(params)
    expect(nodeOf(read.graph, 'prompt')?.params).toEqual({ text: prompt })
    expect(checkGraph(read.graph!)).toEqual([])
    expect(read.notes).toEqual([])
  })

  it('is the same file for the same facts', () => {
    expect(withMade(withMade(png, made), made)).toEqual(withMade(png, made))
  })

  it('gives back the whole graph where it carries one', () => {
    const graph = readPicture(withMade(png, made)).graph!
    const drawn: Graph = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, title: `My ${node.id}` })) }
    const read = readPicture(withGraph(withMade(png, made), drawn))
    expect([read.graphFrom, read.graph, read.made]).toEqual(['graph', drawn, made])
  })

  it.each(
    nodeDefinitions.filter(
      ({ category }) => category === 'edit' || category === 'defect' || category === 'generate',
    ),
  )('of the tool $type gives a graph whose only gaps are the photos', ({ type }) => {
    const read = readPicture(withMade(png, { ...made, tool: type, params: {} }))
    expect(nodeOf(read.graph, type)).toBeTruthy()
    for (const problem of checkGraph(read.graph!)) expect(problem.nodeId).toBe('photo')
  })

  it('speaks to readers of the parameters text', () => {
    expect(writeParameters(made)).toBe(
      [
        '강철 (긁힘:1.2), "macro"',
        'Steps: none',
        'Negative prompt: blurry',
        'Steps: 30, Sampler: DPM++ 2M Karras, CFG scale: 7.5, Seed: 4294967295, Size: 512x768, ' +
          'Model hash: aaaaaaaaaa, Model: sd15, Clip skip: 2, Tool: text-to-image, Version: DefectStudio',
      ].join('\n'),
    )
    const mask: MadePicture = { ...made, tool: 'mask', output: 'mask', params: { seed: 3 } }
    expect(writeParameters(mask)).toContain('\nSeed: 3, Size: 512x768,')
  })
})

const a1111 = `photo of (brushed steel:1.3), <lora:rusty:0.8> macro
sharp, 8k
Negative prompt: blurry,
low quality
Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 30, Seed: 1234567890, Size: 511x4096, Model hash: 6ce0161689, Model: v1-5-pruned, Denoising strength: 0.5, Clip skip: 2, Hires upscale: 2, Lora hashes: "rusty: 01234, other: 56", Version: v1.9.3`

describe('a picture of another tool', () => {
  it('becomes a text-to-image graph, and what has no counterpart is said', () => {
    const read = readPicture(withPngTexts(png, { parameters: a1111 }))
    expect([read.made, read.parameters, read.graphFrom]).toEqual([null, a1111, 'parameters'])
    expect(nodeOf(read.graph, 'prompt')?.params).toEqual({
      text: 'photo of (brushed steel:1.3),  macro\nsharp, 8k',
    })
    expect(nodeOf(read.graph, 'text-to-image')?.params).toEqual({
      negativePrompt: 'blurry,\nlow quality',
      steps: 25,
      sampler: 'DPM++ 2M Karras',
      clipSkip: 2,
      guidanceScale: 20,
      seed: 1234567890,
      width: 512,
      height: 2048,
    })
    expect(checkGraph(read.graph!)).toEqual([])
    expect(read.notes).toEqual([
      '<lora:rusty:0.8> has no counterpart here and was left out of the prompt.',
      'CFG scale 30 became 20: 1 … 20 can be chosen here.',
      'The size 511x4096 became 512x2048: sides are multiples of 8, 64 … 2048.',
      'The model "v1-5-pruned" is not here: choose one.',
      '"Denoising strength: 0.5" has no counterpart here.',
      '"Hires upscale: 2" has no counterpart here.',
    ])
  })

  it('takes a model that is here, whatever the size of its letters', () => {
    const read = readPicture(withPngTexts(png, { parameters: a1111 }), ['starter', 'V1-5-Pruned'])
    expect(nodeOf(read.graph, 'text-to-image')?.params['model']).toBe('V1-5-Pruned')
  })

  it.each([
    ['Euler a', undefined, 'Euler a'],
    ['DPM++ 2M Karras', undefined, 'DPM++ 2M Karras'],
    ['DPM++ 2M', 'Automatic', 'DPM++ 2M'],
    ['Euler', 'Beta', 'Euler'],
    ['DPM adaptive', 'Karras', 'DPM++ 2M'],
    ['DPM++ 2M SDE', 'Karras', 'DPM++ 2M SDE Karras'],
    ['DPM++ 3M SDE', 'Exponential', 'DPM++ 2M SDE'],
    ['DPM++ 2S a Karras', undefined, 'DPM++ SDE Karras'],
    ['PLMS', undefined, 'LMS'],
    ['DPM2 a', 'Automatic', 'DPM2 a'],
    ['unipc', undefined, 'UniPC'],
  ])('names its sampler %s with the schedule %s: %s here', (sampler, schedule, ours) => {
    const extra = schedule === undefined ? '' : `, Schedule type: ${schedule}`
    const read = readPicture(
      withPngTexts(png, { parameters: `x\nSteps: 5, Sampler: ${sampler}${extra}, Seed: -1` }),
    )
    expect(nodeOf(read.graph, 'text-to-image')?.params).toMatchObject({ sampler: ours, seed: null })
  })

  it('with a sampler that nobody here knows keeps the default and says so', () => {
    const read = readPicture(
      withPngTexts(png, { parameters: 'x\nSteps: 5, Sampler: Zoo, Seed: 99999999999' }),
    )
    expect(nodeOf(read.graph, 'text-to-image')?.params['sampler']).toBeUndefined()
    expect(read.notes).toEqual([
      'The seed 99999999999 is none here (0 … 4294967295): a new one is drawn.',
      'There is no sampler like "Zoo" here: the default is used.',
    ])
  })

  it('reads what it wrote', () => {
    const word = fc.string({ unit: fc.constantFrom('a', ' ', ',', '(', ':', '"', '강', '\n', 'b') })
    fc.assert(
      fc.property(word, word, (prompt, negativePrompt) => {
        const read = readParameters(
          writeParameters({ ...made, params: { ...made.params, prompt, negativePrompt } }),
        )
        expect([read.prompt, read.negativePrompt]).toEqual([prompt.trim(), negativePrompt.trim()])
        expect(read.values.get('Seed')).toBe('4294967295')
      }),
    )
  })
})

describe('a picture that cannot be trusted', () => {
  it.each([
    ['an empty file', new Uint8Array(), 'no PNG'],
    ['a text', new TextEncoder().encode('hello'), 'no PNG'],
    ['a picture that says nothing', png, 'does not say'],
    ['a newer version', withPngTexts(png, { 'defect-studio': '{"metadataVersion":2}' }), 'newer studio'],
    ['no JSON', withPngTexts(png, { 'defect-studio-graph': '{{{' }), 'cannot be read'],
    [
      'a graph of numbers',
      withPngTexts(png, { 'defect-studio-graph': '{"formatVersion":2,"nodes":3}' }),
      'cannot be read',
    ],
    ['JSON deeper than any', withPngTexts(png, { 'defect-studio': '['.repeat(100_000) }), 'newer studio'],
  ])('says of %s what is wrong', (_what, bytes, note) => {
    const read = readPicture(bytes)
    expect([read.graph, read.made]).toEqual([null, null])
    expect(read.notes.join(' ')).toContain(note)
  })

  it('keeps of its params only what the node allows, and says what it dropped', () => {
    const params = { ...made.params, steps: 9999, evil: { deep: [1] }, sampler: 'rm -rf' }
    const read = readPicture(withMade(png, { ...made, params }))
    const kept = nodeOf(read.graph, 'text-to-image')?.params ?? {}
    expect(kept).not.toHaveProperty('steps')
    expect(kept).not.toHaveProperty('sampler')
    expect(kept).not.toHaveProperty('evil')
    expect(read.notes).toHaveLength(3)
  })

  it('of a tool that is gone still tells what it says', () => {
    const read = readPicture(withMade(png, { ...made, tool: 'paint-moustache' }))
    expect(read.made?.tool).toBe('paint-moustache')
    expect(read.notes[0]).toContain('paint-moustache')
  })

  it('is read in a moment, however its text is built', () => {
    for (const text of [
      'a '.repeat(2e5),
      'a:"'.repeat(1e5),
      ' '.repeat(4e5),
      'Steps: 1, '.repeat(1e5),
      `x\n${'a-'.repeat(9000)}`,
    ])
      expect(readPicture(withPngTexts(png, { parameters: text })).parameters).toBe(text)
  })
})
