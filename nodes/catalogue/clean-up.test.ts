/** What clean up asks for by each method, and what it hands on with its picture. */
import { expect, test } from 'vitest'
import type { Activities } from '../activities.ts'
import { cleanUp } from './clean-up.ts'

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 1, width: 8, height: 8 }
const certificate = {
  ...{ original: 'a'.repeat(64), mask: 'b'.repeat(64) },
  ...{ changedOutside: 0, changedInside: 4, inside: 5 },
} as const

async function run(given: object) {
  const asked: object[] = []
  const answer = async (input: object) => {
    asked.push(input)
    return { image, certificate, notes: [] }
  }
  const activities = { cleanUp: answer } as Partial<Activities> as Activities
  const params = cleanUp.params.parse({ seed: 4, ...given })
  const item = { name: 'part.png', index: 2 }
  const { image: made } = await cleanUp.run({
    inputs: { image, mask: image },
    params,
    activities,
    item,
    made: undefined,
  })
  return { asked: asked[0], made: 'made' in made ? made.made : undefined }
}

test('hands on the certificate, and copies texture by default', async () => {
  const { asked, made } = await run({})
  expect(asked).toEqual({ image, mask: image, seed: 4, method: 'patch-match' })
  expect(made).toEqual({ seed: 4, model: 'patch-match', certificate })
})

test('asks for what the method needs and for nothing else', async () => {
  const own = { fillModel: 'my-lama', diffusionModel: 'sd', prompt: 'steel', steps: 7 }
  const lama = await run({ ...own, method: 'lama' })
  expect(lama.asked).toEqual({ image, mask: image, seed: 4, method: 'lama', model: 'my-lama' })
  const drawn = await run({ ...own, method: 'diffusion' })
  expect(drawn.asked).toEqual({
    ...{ image, mask: image, seed: 4, method: 'diffusion' },
    ...{ model: 'sd', prompt: 'steel', steps: 7 },
  })
  expect(drawn.made).toMatchObject({ model: 'sd', prompt: 'steel', certificate })
})
