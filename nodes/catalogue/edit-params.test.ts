/** What the params of the edit nodes let through, and what reaches the activities. */
import { expect, test } from 'vitest'
import type { Activities } from '../activities.ts'
import { removeBackground } from './remove-background.ts'
import { suggestPrompts } from './suggest-prompts.ts'

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 10, width: 64, height: 48 }
const context = { item: { name: 'part.png', index: 0 }, made: undefined }

/** Activities of which these alone are there. */
const only = (own: Partial<Activities>): Activities =>
  new Proxy(own, {
    get: (all, name): unknown =>
      Reflect.get(all, name) ?? (() => Promise.reject(new Error(`${String(name)} was not expected.`))),
  }) as Activities

test.each(['#fff', 'white', '#12345g', 'ffffff', ''])('"%s" is no colour', (colour) => {
  const read = removeBackground.params.safeParse({ background: 'colour', colour })
  expect(read.error?.issues[0]?.message).toBe('A colour is # and six hexadecimal digits.')
})

test('the colour goes to the worker only where the background is one', async () => {
  const asked: unknown[] = []
  const activities = only({
    removeBackground: async (input) => {
      asked.push(input)
      return { image, mask: image }
    },
  })
  for (const background of ['transparent', 'colour'] as const) {
    const params = removeBackground.params.parse({ background, colour: '#102030' })
    await removeBackground.run({ ...context, inputs: { image }, params, activities })
  }
  expect(asked).toEqual([
    { image, model: 'starter-matting' },
    { image, model: 'starter-matting', colour: '#102030' },
  ])
})

test('the ranked phrases are lines with their scores, and the prompt fits into a prompt', async () => {
  const activities = only({
    suggestPrompts: async () => ({
      prompt: 'x'.repeat(5000),
      ranked: [
        { category: 'defect', phrase: 'rust', score: 0.31234 },
        { category: 'light', phrase: 'dim light', score: -0.05 },
      ],
    }),
  })
  const params = suggestPrompts.params.parse({})
  const made = await suggestPrompts.run({ ...context, inputs: { image }, params, activities })
  expect(made.phrases).toEqual({ value: '0.312  defect: rust\n-0.050  light: dim light' })
  expect(made.prompt).toEqual({ value: 'x'.repeat(2000) })
})
