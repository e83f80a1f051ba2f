/** What one item is made with, and what its result is known by: the same twice is made once, anything else is not. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import type { NodeDefinition } from './define-node.ts'
import { itemParams } from './item-params.ts'
import { isCacheable, itemRecipe } from './item-recipe.ts'
import { findDefinition, nodeDefinitions } from './node-definitions.ts'
import type { Item } from './ports.ts'

function definitionOf(type: string): NodeDefinition {
  const definition = findDefinition(type)
  if (!definition) throw new Error(`There is no node type ${type}.`)
  return definition
}

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 10, width: 64, height: 64 }
const other = { ...image, key: 'c'.repeat(64) }
const redraw = definitionOf('image-to-image')

describe('the params of an item', () => {
  test('have the seed after the last picture of the item before, wrapping at 2^32', () => {
    const params = redraw.params.parse({ seed: 10, count: 3, batchSize: 2 })
    const seeds = [0, 1, 2].map((index) => itemParams(redraw, params, index, {})['seed'])
    expect(seeds).toEqual([10, 16, 22])
    expect(itemParams(redraw, { ...params, seed: 2 ** 32 - 1 }, 1, {})['seed']).toBe(5)
    expect(params['seed']).toBe(10)
  })

  test('take what an edge brings, and use a seed that it brings as it is', () => {
    const params = redraw.params.parse({ seed: 10 })
    const own = itemParams(redraw, params, 7, { seed: 3, strength: 0.25, negativePrompt: 'blur' })
    expect(own).toMatchObject({ seed: 3, strength: 0.25, negativePrompt: 'blur', steps: 20 })
    expect(itemParams(redraw, params, 7, { strength: 0.25 })['seed']).toBe(17)
  })

  test.each<[string, Item['value']]>([
    ['strength', 1.5],
    ['steps', 20.5],
    ['seed', -1],
    ['seed', 2 ** 32],
    ['negativePrompt', 'x'.repeat(2001)],
    ['negativePrompt', 7],
  ])('refuse a %s of %s, and name the param', (field, value) => {
    const params = redraw.params.parse({})
    expect(() => itemParams(redraw, params, 0, { [field]: value })).toThrowError(
      expect.objectContaining({ type: 'invalid-input', message: expect.stringContaining(`"${field}"`) }),
    )
  })

  test('stay as they are where there is neither seed nor edge', () => {
    const cut = definitionOf('remove-background')
    const params = cut.params.parse({})
    expect(itemParams(cut, params, 9, {})).toEqual(params)
  })
})

const node = { type: 'image-to-image', version: 1, model: 'starter', modelDigest: 'd1' }
const params = redraw.params.parse({ seed: 1 })
const inputs = { image: { value: image }, prompt: { value: 'rust' } }
const recipe = itemRecipe(node, redraw, params, inputs)

describe('the recipe of an item', () => {
  test('is the same whatever order things were written in, and whatever files are called', () => {
    const turned = Object.fromEntries(Object.entries(params).reverse())
    const reversed = Object.fromEntries(Object.entries(inputs).reverse())
    expect(itemRecipe(node, redraw, turned, reversed)).toBe(recipe)
    const mask = definitionOf('mask')
    const drawn = (name: string) =>
      itemRecipe(
        { type: 'mask', version: 1, model: null, modelDigest: null },
        { ...mask, cacheable: true },
        mask.params.parse({ mode: 'drawn', drawn: { ...image, name } }),
        { image: { value: image } },
      )
    expect(drawn('a.png')).toBe(drawn('b.png'))
    expect(drawn('a.png')).not.toContain('b.png')
  })

  test.each<[string, () => string | null]>([
    ['another version', () => itemRecipe({ ...node, version: 2 }, redraw, params, inputs)],
    ['another model file', () => itemRecipe({ ...node, modelDigest: 'd2' }, redraw, params, inputs)],
    ['another seed', () => itemRecipe(node, redraw, { ...params, seed: 2 }, inputs)],
    ['another picture', () => itemRecipe(node, redraw, params, { ...inputs, image: { value: other } })],
    ['another text', () => itemRecipe(node, redraw, params, { ...inputs, prompt: { value: 'rust ' } })],
    ['another type', () => itemRecipe({ ...node, type: 'inpaint' }, redraw, params, inputs)],
    [
      'another output',
      () => itemRecipe(node, { ...redraw, outputs: { image: { type: 'mask' } } }, params, inputs),
    ],
  ])('is another with %s', (_what, change) => {
    expect(change()).not.toBe(recipe)
    expect(change()).toMatch(/^\{/)
  })

  test('tells a text that looks like a picture from a picture', () => {
    const asText = { ...inputs, prompt: { value: JSON.stringify({ key: image.key }) } }
    const asImage = { ...inputs, prompt: { value: image } }
    expect(itemRecipe(node, redraw, params, asText)).not.toBe(itemRecipe(node, redraw, params, asImage))
  })

  test('tells the image from the mask when they are exchanged', () => {
    const paint = definitionOf('inpaint')
    const made = (one: typeof image, two: typeof image) =>
      itemRecipe({ ...node, type: 'inpaint' }, paint, paint.params.parse({ seed: 1 }), {
        image: { value: one },
        mask: { value: two },
        prompt: { value: 'rust' },
      })
    expect(made(image, other)).not.toBe(made(other, image))
  })

  test('does not depend on what the form hides', () => {
    const clean = definitionOf('clean-up')
    const made = (given: object) =>
      itemRecipe(
        { type: 'clean-up', version: 2, model: null, modelDigest: null },
        clean,
        clean.params.parse({ seed: 1, ...given }),
        { image: { value: image }, mask: { value: other } },
      )
    expect(made({ steps: 50, diffusionModel: 'x' })).toBe(made({}))
    expect(made({ method: 'telea' })).not.toBe(made({}))
  })

  test('is nobody else’s for what loads, saves or asks people, or where the model is not known for sure', () => {
    const shared = nodeDefinitions.filter(isCacheable).map(({ type }) => type)
    expect(shared).toEqual(
      expect.arrayContaining(['draw-defect', 'inpaint', 'clean-up', 'upscale', 'suggest-prompts']),
    )
    for (const type of ['load-image', 'load-folder', 'save-to-gallery', 'review', 'notify', 'call-webhook'])
      expect(shared).not.toContain(type)
    expect(itemRecipe({ ...node, modelDigest: null }, redraw, params, inputs)).toBeNull()
    expect(itemRecipe(node, { ...redraw, cacheable: false }, params, inputs)).toBeNull()
  })
})

test('canonical JSON is the same for the same value, and another for another', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, shuffled(inner)]),
    )
  }
  const value = fc.jsonValue().map((one) => JSON.parse(JSON.stringify(one)) as unknown)
  fc.assert(
    fc.property(value, value, (one, two) => {
      expect(canonicalJson(shuffled(one))).toBe(canonicalJson(one))
      expect(JSON.parse(canonicalJson(one))).toEqual(one)
      if (JSON.stringify(one) !== JSON.stringify(two) && canonicalJson(one) === canonicalJson(two))
        expect(one).toEqual(two)
    }),
  )
})
