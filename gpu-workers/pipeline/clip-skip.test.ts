/** Clip skip and weights from the call of a tool to its pixels, with an encoder that gives its hidden layers. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { goldensFolder, tinySd } from './golden.test-support.ts'
import { createPipeline } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'clip-skip-'))
cpSync(tinySd, join(folder, 'plain'), { recursive: true })
cpSync(tinySd, join(folder, 'layered'), { recursive: true })
cpSync(join(goldensFolder, 'clip-skip', 'text_encoder'), join(folder, 'layered', 'text_encoder'), {
  recursive: true,
})
const pipeline = createPipeline({ modelsDirs: [folder], provider: 'cpu', threads: 1 })
afterAll(async () => {
  await pipeline.dispose()
  rmSync(folder, { recursive: true })
})

const draw = (model: string, own: { prompt?: string; clipSkip?: number }) =>
  pipeline.textToImage({
    model,
    prompt: 'rust on steel',
    negativePrompt: '',
    steps: 2,
    guidanceScale: 7,
    sampler: 'DDIM',
    seeds: [1],
    width: 48,
    height: 32,
    ...own,
  })

describe('a tool that is told the clip skip', () => {
  it('draws another picture for each layer, and without one the picture of the last', async () => {
    const [none, first, second, weighted] = await Promise.all([
      draw('layered', {}),
      draw('layered', { clipSkip: 1 }),
      draw('layered', { clipSkip: 2 }),
      draw('layered', { prompt: '(rust:1.8) on steel' }),
    ])
    expect(first.pictures[0]!).toEqual(none.pictures[0]!)
    expect(second.pictures[0]!).not.toEqual(none.pictures[0]!)
    expect(weighted.pictures[0]!).not.toEqual(none.pictures[0]!)
  })

  it('refuses it for a model that gives its last layer alone, and numbers that no encoder has', async () => {
    await expect(draw('plain', { clipSkip: 2 })).rejects.toMatchObject({
      type: 'invalid-input',
      message: expect.stringContaining('Set clip skip to 1, or convert'),
    })
    await expect(draw('layered', { clipSkip: 13 })).rejects.toMatchObject({ type: 'invalid-input' })
  })

  it.each([
    ['empty', ''],
    ['in Korean', '강철 표면의 (긁힘:1.2)'],
    ['of emoji', '🔩🔧 👨‍👩‍👧‍👦'],
    ['of brackets without partners', ':( ]('],
  ])('draws a prompt that is %s', async (_what, prompt) => {
    const { pictures, notes } = await draw('plain', { prompt })
    expect(pictures).toMatchObject([{ width: 48, height: 32 }])
    expect(notes).toEqual([])
  })
})
