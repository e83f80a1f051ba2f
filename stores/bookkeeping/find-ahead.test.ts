/** Results that are found before a run asks for them are taken over together, or none of them. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { token } from './books.fixtures.ts'
import { createFinder } from './find-ahead.ts'
import { itemOf, openStudioBooks, succeeded } from './studio-books.fixtures.ts'

let studio: Awaited<ReturnType<typeof openStudioBooks>>
beforeAll(async () => {
  studio = await openStudioBooks()
})
afterAll(() => studio.close())
afterEach(async () => expect(await studio.ledger.checkInvariants()).toEqual([]))

let recipes = 0
const newRecipe = () => JSON.stringify({ type: 'upscale', number: recipes++ })

/** A run that has made one item by each recipe, and another of the same department that has begun. */
async function madeBy(...made: string[]) {
  const { runId: from, member } = await studio.begunRun(100n)
  const outputs = []
  for (const [index, recipe] of made.entries()) {
    await studio.prepare(from, [itemOf(index, recipe)])
    const own = await studio.made(`part-${index}.png`, index)
    await studio.settle(from, [succeeded(index, own)])
    outputs.push(own)
  }
  const { runId, balance } = await studio.begunRun(20n, {}, member)
  return { from, runId, balance, outputs, finder: await createFinder(studio)(runId) }
}

const asking = (...items: ReturnType<typeof itemOf>[]) =>
  ({ kind: 'prepare', nodeId: 'paint', price: 5, lookUp: true, items }) as const

const written = (runId: string) => studio.db.nodeRunItem.count({ where: { runId } })

test('what is found is written by taking it, and the books say the same when they are asked', async () => {
  const [one, two] = [newRecipe(), newRecipe()]
  const { runId, outputs, finder, balance } = await madeBy(one, two)
  expect(await finder.find(asking(itemOf(0, one)))).toEqual([outputs[0]])
  expect(await finder.find(asking(itemOf(1, two)))).toEqual([outputs[1]])
  expect(await written(runId)).toBe(0)
  const found = [0, 1].map((index) => ({ nodeId: 'paint', index, outputs: outputs[index], cached: true }))
  expect(await finder.take()).toEqual(found)
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 2, itemsCached: 2, saved: 10n * token })
  expect(await studio.prepare(runId, [itemOf(0, one), itemOf(1, two)])).toEqual(
    outputs.map((own) => ({ kind: 'done', outputs: own, cached: true })),
  )
  expect(await balance()).toMatchObject({ available: 20n * token })
})

test('begun again after a crash, a run finds what it has already', async () => {
  const recipe = newRecipe()
  const { runId, finder, outputs } = await madeBy(recipe)
  await finder.find(asking(itemOf(0, recipe)))
  const first = await finder.take()
  const again = await createFinder(studio)(runId)
  expect(await again.find(asking(itemOf(0, recipe)))).toEqual(outputs)
  expect(await again.take()).toEqual(first)
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 1, saved: 5n * token })
})

test('an item that nobody made, or whose bytes are gone, is not found, and nothing else of its entry', async () => {
  const [one, lost] = [newRecipe(), newRecipe()]
  const { runId, finder, outputs } = await madeBy(one, lost)
  const image = outputs[1]?.['image']?.[0]?.value as { key: string }
  await studio.artifacts.delete(image.key)
  expect(await finder.find(asking(itemOf(0, one), itemOf(1, newRecipe())))).toBeNull()
  expect(await finder.find(asking(itemOf(1, lost)))).toBeNull()
  expect(await finder.take()).toEqual([])
  expect(await written(runId)).toBe(0)
})

test('a result that goes away before it is taken leaves nothing taken, and holds nothing', async () => {
  const [one, two] = [newRecipe(), newRecipe()]
  const { runId, from, finder, balance } = await madeBy(one, two)
  await finder.find(asking(itemOf(0, one)))
  await finder.find(asking(itemOf(1, two)))
  const { artifactKeys } = await studio.db.cacheEntry.findFirstOrThrow({
    where: { runId: from, itemIndex: 1 },
  })
  await studio.db.artifactGrant.deleteMany({ where: { artifactKey: { in: artifactKeys } } })
  await studio.db.artifact.deleteMany({ where: { key: { in: artifactKeys } } })
  expect(await finder.take()).toEqual([])
  expect(await written(runId)).toBe(0)
  expect(await balance()).toMatchObject({ pending: 0n, available: 20n * token })
})

test('a run that was cancelled meanwhile takes nothing', async () => {
  const recipe = newRecipe()
  const { runId, finder } = await madeBy(recipe)
  await finder.find(asking(itemOf(0, recipe)))
  await studio.books.endRun({ runId, status: 'cancelled' })
  expect(await finder.take()).toEqual([])
})
