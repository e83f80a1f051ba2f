/** What left a port becomes one stored list: in order, without what failed, for whoever owns the run. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCollection } from '../collections/collections.ts'
import { failed, itemOf, openStudioBooks, succeeded } from './studio-books.fixtures.ts'

let studio: Awaited<ReturnType<typeof openStudioBooks>>
beforeAll(async () => {
  studio = await openStudioBooks()
})
afterAll(() => studio.close())

test('gathers what left a port in the order of its items, and grants it to the owner of the run', async () => {
  const { runId, member } = await studio.begunRun()
  const count = 1_203
  const items = Array.from({ length: count }, (_, index) => itemOf(index))
  for (let from = 0; from < count; from += 401)
    await studio.prepare(runId, items.slice(from, from + 401), { price: 0, lookUp: false })
  const ends = items.map(({ index, name }) =>
    index % 100 === 7
      ? failed(index)
      : succeeded(index, { text: [{ name, value: `text ${index}`, index }], image: [] }),
  )
  for (let from = count - 401; from >= 0; from -= 401)
    await studio.settle(runId, ends.slice(from, from + 401), { price: 0 })

  const collection = await studio.books.gather({ runId, nodeId: 'paint', port: 'text' })
  expect(collection).toMatchObject({ count: count - 12 })
  const { items: kept } = await readCollection(studio.artifacts, collection!)
  expect(kept.map(({ index }) => index)).toEqual(
    items.map(({ index }) => index).filter((index) => index % 100 !== 7),
  )
  expect(kept[7]).toEqual({ name: 'part-8.png', value: 'text 8', index: 8 })
  const grants = await studio.db.artifactGrant.findMany({ where: { artifactKey: collection!.key } })
  expect(grants).toMatchObject([{ memberId: member.id, departmentId: member.departmentId }])
  expect(await studio.books.gather({ runId, nodeId: 'paint', port: 'text' })).toEqual(collection)
  expect(await studio.books.readItems({ collection: collection!, slice: { from: 0, count: 1 } })).toEqual([
    kept[0],
  ])
})

test('nothing gathered is nothing, and a list that is there already is handed on', async () => {
  const { runId } = await studio.begunRun()
  expect(await studio.books.gather({ runId, nodeId: 'paint', port: 'image' })).toBeNull()
  const stored = {
    key: 'c'.repeat(64),
    mediaType: 'application/vnd.defect-studio.collection+json',
    bytes: 9,
    count: 3,
  }
  await studio.settle(runId, [succeeded(0, { image: [{ name: 'list', value: 3, index: 0, stored }] })], {
    nodeId: 'other',
    price: 0,
  })
  expect(await studio.books.gather({ runId, nodeId: 'other', port: 'image' })).toEqual(stored)
  expect(await studio.db.artifact.count({ where: { key: stored.key } })).toBe(1)
})
