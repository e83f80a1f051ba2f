/** One table-driven test over every node: what the editor, the API and the workflow all rely on. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Activities, JsonValue, NodeDefinition, Port } from '../index.ts'
import {
  defaultPrices,
  describeNode,
  findDefinition,
  itemParams,
  linkablePorts,
  nodeDefinitions,
  NodeDescription,
  paramMeta,
} from '../index.ts'
import * as catalogue from './index.ts'

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 10, width: 64, height: 48 }
const collection = { key: 'b'.repeat(64), mediaType: 'application/json', bytes: 10, count: 1 }
const folder = { ...collection, name: 'parts' }

/** Activities that answer at once and remember what they were asked. */
function stubActivities(): { activities: Activities; calls: [string, unknown][] } {
  const calls: [string, unknown][] = []
  const answer =
    <T>(name: string, result: T) =>
    async (input: unknown): Promise<T> => {
      calls.push([name, input])
      return result
    }
  const generated = { images: [{ image, seed: 7 }], notes: [] }
  return {
    calls,
    activities: {
      importPicture: answer('importPicture', { image }),
      mergeCollections: answer('mergeCollections', { collection }),
      combineCollections: answer('combineCollections', { collections: { image: collection } }),
      limitCollection: answer('limitCollection', { collection }),
      openReview: answer('openReview', { reviewId: 'r' }),
      readReview: answer('readReview', { accepted: collection, rejected: null }),
      remindReviewers: answer('remindReviewers', undefined),
      notify: answer('notify', undefined),
      callWebhook: answer('callWebhook', { status: 200 }),
      saveToGallery: answer('saveToGallery', { imageId: '1', image }),
      makeMask: answer('makeMask', { mask: image }),
      drawDefect: answer('drawDefect', { image, mask: image }),
      cleanUp: answer('cleanUp', { image }),
      removeBackground: answer('removeBackground', { image, mask: image }),
      suggestPrompts: answer('suggestPrompts', {
        prompt: 'steel with rust',
        ranked: [{ category: 'defect', phrase: 'rust', score: 0.3 }],
      }),
      upscale: answer('upscale', { image }),
      textToImage: answer('textToImage', generated),
      imageToImage: answer('imageToImage', generated),
      inpaint: answer('inpaint', generated),
    },
  }
}

/** Params of a node as a person would leave them: the defaults, with what is required filled in. */
function filledParams(definition: NodeDefinition): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...definition.params.parse({}) }
  for (const [field, meta] of paramMeta(definition)) {
    if (meta.widget === 'image' || meta.widget === 'drawn-mask')
      filled[field] = { ...image, name: 'part.png' }
    if (meta.widget === 'collection') filled[field] = folder
    if (meta.widget === 'source-folder' || meta.widget === 'source-bucket') filled[field] = 'line2'
  }
  if (definition.type === 'call-webhook') filled['url'] = 'https://example.com/hook'
  return filled
}

function valueFor({ type }: Port) {
  if (type === 'text') return 'rusty steel'
  return type === 'number' ? 7 : image
}

/** What the list of a source says of one item. */
const listed: Record<string, JsonValue> = {
  'load-folder': image,
  'load-server-folder': { import: { kind: 'folder', root: 'line2', path: 'a.png' } },
  'load-s3': { import: { kind: 's3', bucket: 'line2', key: 'a.png' } },
  'gallery-query': { ports: { image } },
  'prompt-list': 'rust on steel',
  'parameter-grid': { ports: { prompt: 'rust', seed: 7, strength: 0.5, guidance: 5, steps: 20 } },
}

const runWhole = (
  definition: NodeDefinition,
  params: Record<string, unknown>,
  activities: Activities,
  ports: readonly string[],
) =>
  definition.runWhole?.({
    inputs: Object.fromEntries(ports.map((port) => [port, collection])),
    params,
    activities,
    waitForReview: async () => {},
  })

const isWhole = ({ kind }: NodeDefinition) => kind === 'whole'
const inputsOf = (definition: NodeDefinition, all = true) =>
  Object.fromEntries(
    Object.entries(definition.inputs)
      .filter(([, port]) => all || !port.optional)
      .map(([name, port]) => [name, valueFor(port)]),
  )

test('every file of the catalogue is a definition with a type of its own', () => {
  expect(nodeDefinitions.length).toBe(Object.keys(catalogue).length)
  expect(new Set(nodeDefinitions.map((definition) => definition.type)).size).toBe(nodeDefinitions.length)
  expect(findDefinition('constructor')).toBeUndefined()
})

describe.each(nodeDefinitions.map((definition) => [definition.type, definition] as const))(
  '%s',
  (type, definition) => {
    test('has a kebab-case type, a title and a description that ends like a sentence', () => {
      expect(type).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
      expect(definition.title).toMatch(/^[A-Z]/)
      expect(definition.description).toMatch(/^[A-Z].*\.$/)
      expect(definition.version).toBeGreaterThanOrEqual(1)
    })

    test('parses an empty object to its defaults, and its own defaults again to the same', () => {
      const defaults = definition.params.parse({})
      expect(definition.params.parse(defaults)).toEqual(defaults)
    })

    test('gives every param a title, and shows one param only beside another that exists', () => {
      for (const [field, meta] of paramMeta(definition)) {
        expect(meta.title, field).toMatch(/^[A-Z]/)
        if (meta.showWhen) expect(Object.keys(definition.params.shape)).toContain(meta.showWhen.field)
      }
    })

    test('describes itself in plain JSON with a schema that bounds every number and text', () => {
      const description = describeNode(definition)
      expect(NodeDescription.parse(JSON.parse(JSON.stringify(description)))).toEqual(description)
      expect(description.params['type']).toBe('object')
      for (const [field, schema] of Object.entries(definition.params.shape)) {
        if (!(schema instanceof z.ZodType)) continue
        expect(schema.safeParse(Number.NaN).success, `${field} takes NaN`).toBe(false)
        expect(schema.safeParse(1e300).success, `${field} takes 1e300`).toBe(false)
        expect(schema.safeParse('x'.repeat(10_000)).success, `${field} takes 10 kB of text`).toBe(false)
      }
    })

    test('costs a whole number of tokens, never less than none', () => {
      const params = definition.params.parse(filledParams(definition))
      const price = definition.price(params, defaultPrices)
      expect(Number.isSafeInteger(price)).toBe(true)
      expect(price).toBeGreaterThanOrEqual(0)
      expect(definition.price(params, { ...defaultPrices, image: 7, promptSuggestion: 7 })).toBe(price * 7)
      expect(definition.fanOut?.(params) ?? 1).toBeGreaterThanOrEqual(1)
    })

    test('lets an edge feed only params that change neither its price nor how much it makes', () => {
      const params = definition.params.parse(filledParams(definition))
      for (const [field, { type }] of Object.entries(linkablePorts(definition))) {
        const fed = { ...params, [field]: type === 'number' ? 1 : 'dust' }
        expect(definition.params.safeParse(fed).success, field).toBe(true)
        expect(definition.price(fed, defaultPrices)).toBe(definition.price(params, defaultPrices))
        expect(definition.fanOut?.(fed)).toBe(definition.fanOut?.(params))
      }
      for (const [field, meta] of paramMeta(definition))
        expect(Object.hasOwn(linkablePorts(definition), field), field).toBe(meta.linkable ?? false)
    })

    test('that hands out a value has no inputs and one output', () => {
      if (!definition.valueParam) return
      expect(Object.keys(definition.params.shape)).toContain(definition.valueParam)
      expect([Object.keys(definition.inputs), Object.keys(definition.outputs)]).toMatchObject([
        [],
        { length: 1 },
      ])
    })

    test.each([true, false])(
      'runs with stub activities (optional inputs: %s) and fills every output',
      async (all) => {
        const { activities, calls } = stubActivities()
        const params = definition.params.parse(filledParams(definition))
        if (isWhole(definition)) {
          expect(definition.immediate).toBeUndefined()
          // Pictures are combined with something: any of its inputs will do, but one has to be there.
          const given = inputsOf(definition, all || type === 'combine')
          const outputs = await runWhole(definition, params, activities, Object.keys(given))
          expect(Object.keys(outputs ?? {}).sort()).toEqual(Object.keys(definition.outputs).sort())
          return
        }
        const value = listed[type]
        const outputs = await definition.run({
          inputs: inputsOf(definition, all),
          params,
          activities,
          item: { name: 'part.png', index: 3, ...(value === undefined ? {} : { value }) },
          made: { tool: 'inpaint', nodeId: 'n', seed: 4 },
        })
        expect(Object.keys(outputs).sort()).toEqual(Object.keys(definition.outputs).sort())
        // What asks nobody is paid by nobody, and need not be asked for.
        expect(calls.length === 0).toBe(definition.immediate ?? false)
        if (definition.immediate) expect(definition.price(params, defaultPrices)).toBe(0)
        for (const [port, output] of Object.entries(outputs)) {
          const values = 'items' in output ? output.items.map((item) => item.value) : [output.value]
          const known = definition.outputs[port]
          if (!known?.sometimes) expect(values.length).toBeGreaterThan(0)
          for (const value of values) expect(typeof value).toBe(known && typeof valueFor(known))
        }
      },
    )

    test('works with the seed that it is given, which is its own for each item', async () => {
      if (!definition.params.shape['seed']) return
      const seedsOf = async (index: number, seed: number) => {
        const { activities, calls } = stubActivities()
        const params = definition.params.parse({ ...filledParams(definition), seed })
        await definition.run({
          inputs: inputsOf(definition),
          params: itemParams(definition, params, index, {}),
          activities,
          item: { name: 'part.png', index },
          made: undefined,
        })
        return z.array(z.object({ seed: z.int() })).parse(calls.map(([, input]) => input))
      }
      expect(await seedsOf(0, 5)).toEqual([{ seed: 5 }])
      expect(await seedsOf(2, 5)).toEqual([{ seed: 7 }])
      expect(await seedsOf(2, 2 ** 32 - 1)).toEqual([{ seed: 1 }])
    })

    test('refuses, with a failure that names what is missing, what is required but not chosen', async () => {
      const required = paramMeta(definition).filter(([, meta]) => meta.required)
      // What a source loads was listed when the run was planned.
      if (definition.kind === 'source' && type !== 'load-folder') return
      for (const [field, meta] of required) {
        const shown = meta.showWhen ? { [meta.showWhen.field]: meta.showWhen.equals } : {}
        const params = definition.params.parse({ ...filledParams(definition), ...shown, [field]: null })
        const { activities } = stubActivities()
        const running = isWhole(definition)
          ? runWhole(definition, params, activities, Object.keys(definition.inputs))
          : definition.run({
              inputs: inputsOf(definition),
              params,
              activities,
              item: { name: 'part.png', index: 0 },
              made: undefined,
            })
        await expect(running).rejects.toMatchObject({ type: 'invalid-graph' })
      }
    })
  },
)

test.each(['text-to-image', 'image-to-image', 'inpaint'])(
  '%s is paid by picture, batches times their size, and refuses more than 64 naming both numbers',
  (type) => {
    const definition = findDefinition(type)
    if (!definition) throw new Error(`There is no node type ${type}.`)
    const params = definition.params.parse({ count: 4, batchSize: 16 })
    expect([definition.price(params, defaultPrices), definition.fanOut?.(params)]).toEqual([64, 64])
    const refused = definition.params.safeParse({ count: 5, batchSize: 13 })
    expect(refused.error?.issues).toMatchObject([{ path: ['batchSize'] }])
    expect(refused.error?.issues[0]?.message).toMatch(/Batch count × Batch size .* at most 64/)
  },
)

test('the next item of a folder begins with the seed after the last picture of this one', async () => {
  const { activities, calls } = stubActivities()
  const definition = findDefinition('image-to-image')
  if (!definition) throw new Error('There is no node to redraw an image.')
  await catalogue.imageToImage.run({
    inputs: { image, prompt: 'rust' },
    params: catalogue.imageToImage.params.parse(
      itemParams(definition, definition.params.parse({ count: 3, batchSize: 4, seed: 10 }), 1, {}),
    ),
    activities,
    item: { name: 'b.png', index: 1 },
    made: undefined,
  })
  expect(calls).toMatchObject([['imageToImage', { seed: 22, count: 3, batchSize: 4 }]])
})

test('what people should know about a picture goes with it', async () => {
  const { activities } = stubActivities()
  const cut = { images: [{ image, seed: 7 }], notes: ['The prompt was cut.'] }
  const { image: output } = await catalogue.textToImage.run({
    inputs: { prompt: 'rust' },
    params: catalogue.textToImage.params.parse({}),
    activities: { ...activities, textToImage: async () => cut },
    item: { name: 'text', index: 0 },
    made: undefined,
  })
  expect('items' in output && output.items[0]?.made?.notes).toEqual(['The prompt was cut.'])
})

test('several pictures of one item are numbered before the extension, one keeps its name', async () => {
  const { activities } = stubActivities()
  const two = { images: [1, 2].map((seed) => ({ image, seed })), notes: [] }
  const run = async (name: string) => {
    const { image: output } = await catalogue.imageToImage.run({
      inputs: { image, prompt: 'rust' },
      params: catalogue.imageToImage.params.parse({ count: 2, seed: 1 }),
      activities: { ...activities, imageToImage: async () => two },
      item: { name, index: 0 },
      made: undefined,
    })
    return 'items' in output ? output.items.map((item) => [item.name, item.made?.seed]) : []
  }
  expect(await run('a.b.png')).toEqual([
    ['a.b-1.png', 1],
    ['a.b-2.png', 2],
  ])
  expect(await run('.hidden')).toEqual([
    ['.hidden-1', 1],
    ['.hidden-2', 2],
  ])
})
