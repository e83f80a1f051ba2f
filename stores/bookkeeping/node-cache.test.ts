/** Results that exist are found instead of made again: within a department, once at a time, as long as their bytes last. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { token } from './books.fixtures.ts'
import { failed, itemOf, openStudioBooks, succeeded } from './studio-books.fixtures.ts'

let studio: Awaited<ReturnType<typeof openStudioBooks>>
beforeAll(async () => {
  studio = await openStudioBooks()
})
afterAll(() => studio.close())
afterEach(async () => expect(await studio.ledger.checkInvariants()).toEqual([]))

let recipes = 0
const newRecipe = () => JSON.stringify({ type: 'image-to-image', number: recipes++ })

/** A run that has made one item by the recipe. */
async function maker(recipe: string, name = 'part-0.png') {
  const run = await studio.begunRun(100n)
  await studio.prepare(run.runId, [{ ...itemOf(0, recipe), name }])
  const outputs = await studio.made(name)
  await studio.settle(run.runId, [succeeded(0, outputs)])
  return { ...run, outputs, key: outputs['image']?.[0]?.value as { key: string } }
}

const entryOf = async (runId: string) => studio.db.cacheEntry.findFirst({ where: { runId } })

test('the same work in another run is found, costs nothing, is counted as saved, and may be read', async () => {
  const recipe = newRecipe()
  const { member, outputs, key, runId: madeIn } = await maker(recipe)
  const { runId, member: colleague, balance } = await studio.begunRun(0n, {}, member)
  const prepared = await studio.prepare(runId, [itemOf(0, recipe)], { price: 7 })
  expect(prepared).toEqual([{ kind: 'done', outputs, cached: true }])
  expect(await balance()).toEqual({ posted: 0n, pending: 0n, available: 0n })
  expect(await studio.item(runId)).toMatchObject({ state: 'cached', saved: 7n * token, cost: 0n })
  expect(await studio.nodeRun(runId)).toMatchObject({
    state: 'running',
    itemsDone: 1,
    itemsCached: 1,
    saved: 7n * token,
    cost: 0n,
  })
  expect(await entryOf(madeIn)).toMatchObject({ hits: 1, cost: 5n * token })
  const where = { artifactKey: key.key, memberId: colleague.id, departmentId: colleague.departmentId }
  expect(await studio.db.artifactGrant.count({ where })).toBe(1)
  // Sent again it is found again, and counted once.
  expect(await studio.prepare(runId, [itemOf(0, recipe)], { price: 7 })).toEqual(prepared)
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 1, itemsCached: 1 })
  await studio.books.endRun({ runId, status: 'succeeded' })
  expect(await studio.db.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({ saved: 7n * token })
})

test('a run that finds its results one after the other takes each whole, and makes what is missing', async () => {
  const recipes = [newRecipe(), newRecipe(), newRecipe()] as const
  const made = await Promise.all(recipes.slice(0, 2).map((recipe) => maker(recipe)))
  const { member } = made[0]!
  // The second was made in another department: there is nothing to be found of it here.
  const { runId } = await studio.begunRun(20n, {}, member)
  const kinds = []
  for (const [index, recipe] of [recipes[0], recipes[0], recipes[1], recipes[0], recipes[2]].entries())
    kinds.push((await studio.prepare(runId, [itemOf(index, recipe)]))[0]?.kind)
  expect(kinds).toEqual(['done', 'done', 'held', 'done', 'held'])
  await studio.artifacts.delete(made[0]!.key.key)
  expect(await studio.prepare(runId, [itemOf(5, recipes[0])])).toMatchObject([{ kind: 'held' }])
  expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 3, itemsCached: 3, saved: 15n * token })
  expect(await entryOf(made[0]!.runId)).toBeNull()
})

test('what is found goes by the name and the place of the item that it is found for', async () => {
  const recipe = newRecipe()
  const first = await studio.begunRun()
  await studio.prepare(first.runId, [{ ...itemOf(1, recipe), name: 'a.png' }])
  const image = (await studio.made('a-2.png', 1))['image']![0]!
  await studio.settle(first.runId, [succeeded(1, { image: [image, { ...image, name: 'other.png' }] })])
  const { runId } = await studio.begunRun(0n, {}, first.member)
  expect(await studio.prepare(runId, [{ ...itemOf(3, recipe), name: 'b.jpg' }])).toMatchObject([
    {
      kind: 'done',
      outputs: {
        image: [
          { name: 'b-2.jpg', index: 3, value: image.value },
          { name: 'other.png', index: 3 },
        ],
      },
    },
  ])
})

test('another department finds nothing and makes it itself', async () => {
  const recipe = newRecipe()
  await maker(recipe)
  const { runId } = await studio.begunRun()
  expect(await studio.prepare(runId, [itemOf(0, recipe)])).toMatchObject([{ kind: 'held' }])
})

test('results are found after every process has started anew', async () => {
  const recipe = newRecipe()
  const { member, outputs } = await maker(recipe)
  const { runId } = await studio.begunRun(0n, {}, member)
  const entry = {
    kind: 'prepare' as const,
    nodeId: 'paint',
    price: 5,
    lookUp: true,
    items: [itemOf(0, recipe)],
  }
  const [answer] = await studio.connect().books.write({ runId, entries: [entry] })
  expect(answer).toEqual({ kind: 'prepared', items: [{ kind: 'done', outputs, cached: true }] })
})

test('a result whose bytes or row were deleted is made again, once, and is found from then on', async () => {
  for (const remove of [
    (key: string) => studio.artifacts.delete(key),
    async (key: string) => void (await studio.db.artifact.delete({ where: { key } })),
  ]) {
    const recipe = newRecipe()
    const { member, key } = await maker(recipe)
    await remove(key.key)
    const { runId } = await studio.begunRun(10n, {}, member)
    const twins = [itemOf(0, recipe), itemOf(1, recipe)]
    expect(await studio.prepare(runId, twins)).toMatchObject([{ kind: 'held' }, { kind: 'wait' }])
    const outputs = await studio.made('part-0.png')
    await studio.settle(runId, [succeeded(0, outputs)])
    expect(await studio.prepare(runId, [itemOf(1, recipe)])).toMatchObject([{ kind: 'done', cached: true }])
    expect(await studio.nodeRun(runId)).toMatchObject({ itemsDone: 2, itemsCached: 1, cost: 5n * token })
  }
})

test('fifty who want the same at once: one makes it, the others wait and find it', async () => {
  const recipe = newRecipe()
  const { member } = await studio.begunRun()
  const runs = await Promise.all(
    Array.from({ length: 10 }, async () => (await studio.begunRun(30n, {}, member)).runId),
  )
  const wanted = runs.flatMap((runId) => Array.from({ length: 5 }, (_, index) => ({ runId, index })))
  const ask = ({ runId, index }: { runId: string; index: number }) =>
    studio.prepare(runId, [itemOf(index, recipe)])
  const answers = (await Promise.all(wanted.map(ask))).flat()
  expect(answers.filter(({ kind }) => kind === 'held')).toHaveLength(1)
  expect(answers.filter(({ kind }) => kind === 'wait')).toHaveLength(49)
  const made = wanted[answers.findIndex(({ kind }) => kind === 'held')]!
  await studio.settle(made.runId, [succeeded(made.index, await studio.made())])
  const found = (await Promise.all(wanted.map(ask))).flat()
  expect(found.filter((one) => one.kind === 'done' && one.cached)).toHaveLength(49)
  const costs = await studio.db.nodeRun.aggregate({ where: { runId: { in: runs } }, _sum: { cost: true } })
  expect(costs._sum.cost).toBe(5n * token)
})

test('a node whose items all wait is holding, until one of them begins', async () => {
  const recipe = newRecipe()
  const first = await studio.begunRun()
  await studio.prepare(first.runId, [itemOf(0, recipe)])
  const { runId } = await studio.begunRun(10n, {}, first.member)
  expect(await studio.prepare(runId, [itemOf(0, recipe)])).toEqual([{ kind: 'wait' }])
  expect(await studio.nodeRun(runId)).toMatchObject({ state: 'holding' })
  await studio.settle(first.runId, [failed(0)])
  expect(await studio.prepare(runId, [itemOf(0, recipe)])).toMatchObject([{ kind: 'held' }])
  expect(await studio.nodeRun(runId)).toMatchObject({ state: 'running' })
})

test('a claim passes on when its item failed, its run ended, or its run is gone', async () => {
  for (const die of [
    (runId: string) => studio.settle(runId, [failed(0)]),
    (runId: string) => studio.settle(runId, [{ index: 0, state: 'cancelled' as const }]),
    (runId: string) => studio.books.endRun({ runId, status: 'cancelled' }),
    async (runId: string) => {
      await studio.db.run.update({ where: { id: runId }, data: { status: 'failed' } })
    },
    async (runId: string) => {
      await studio.db.nodeRun.deleteMany({ where: { runId } })
    },
  ]) {
    const recipe = newRecipe()
    const first = await studio.begunRun()
    await studio.prepare(first.runId, [itemOf(0, recipe)])
    const others = await Promise.all(
      Array.from({ length: 4 }, async () => (await studio.begunRun(10n, {}, first.member)).runId),
    )
    const ask = () => Promise.all(others.map((runId) => studio.prepare(runId, [itemOf(0, recipe)])))
    expect((await ask()).flat().every(({ kind }) => kind === 'wait')).toBe(true)
    await die(first.runId)
    expect((await ask()).flat().filter(({ kind }) => kind === 'held')).toHaveLength(1)
    await studio.ledger.checkInvariants()
    for (const runId of [first.runId, ...others]) await studio.books.endRun({ runId, status: 'cancelled' })
    await studio.db.run.updateMany({ where: { id: first.runId }, data: { status: 'running' } })
    await studio.books.endRun({ runId: first.runId, status: 'cancelled' })
  }
})

test('a run that wants everything fresh makes it anew, and others find the latest', async () => {
  const recipe = newRecipe()
  const { member } = await maker(recipe)
  const fresh = await studio.begunRun(10n, { fresh: true }, member)
  expect(await studio.prepare(fresh.runId, [itemOf(0, recipe)], { lookUp: false })).toMatchObject([
    { kind: 'held' },
  ])
  const outputs = await studio.made()
  await studio.settle(fresh.runId, [succeeded(0, outputs)])
  const { runId } = await studio.begunRun(0n, {}, member)
  expect(await studio.prepare(runId, [itemOf(0, recipe)])).toEqual([{ kind: 'done', outputs, cached: true }])
})

test('who may not pay claims nothing for ever', async () => {
  const recipe = newRecipe()
  const poor = await studio.begunRun(1n)
  expect(await studio.prepare(poor.runId, [itemOf(0, recipe)])).toMatchObject([{ kind: 'refused' }])
  const { runId } = await studio.begunRun(10n, {}, poor.member)
  expect(await studio.prepare(runId, [itemOf(0, recipe)])).toMatchObject([{ kind: 'held' }])
})

test('the end of a run drops its claims', async () => {
  const recipe = newRecipe()
  const { runId } = await studio.begunRun()
  await studio.prepare(runId, [itemOf(0, recipe)])
  expect(await entryOf(runId)).toMatchObject({ outputs: null })
  await studio.books.endRun({ runId, status: 'cancelled' })
  expect(await entryOf(runId)).toBeNull()
})

test('a run that takes another up finds its items, and those of the runs that it took up, also where nothing is shared', async () => {
  const carryRecipe = newRecipe()
  const recipe = newRecipe()
  const at = { nodeId: 'save', price: 3 }
  const first = await studio.begunRun(100n)
  await studio.prepare(
    first.runId,
    [
      { ...itemOf(0), carryRecipe },
      { ...itemOf(1), carryRecipe },
    ],
    at,
  )
  const kept = await studio.made('part-0.png')
  await studio.settle(first.runId, [succeeded(0, kept), failed(1)], at)
  await studio.prepare(first.runId, [itemOf(0, recipe)])
  const painted = await studio.made('part-0.png')
  await studio.settle(first.runId, [succeeded(0, painted)])
  await studio.books.endRun({ runId: first.runId, status: 'failed' })

  const stranger = await studio.begunRun(10n, {}, first.member)
  expect(await studio.prepare(stranger.runId, [{ ...itemOf(0), carryRecipe }], at)).toMatchObject([
    { kind: 'held' },
  ])
  const second = await studio.anotherRun(first.member, { carryFrom: first.runId })
  const third = await studio.anotherRun(first.member, { carryFrom: second.runId })
  await studio.db.cacheEntry.deleteMany()
  for (const { runId } of [third, second]) {
    // The same node and name, so that a picture that failed to be saved is not taken for its twin.
    const asked = [
      { ...itemOf(0), carryRecipe },
      { ...itemOf(1), carryRecipe },
      { ...itemOf(2), carryRecipe: newRecipe() },
    ]
    expect(await studio.prepare(runId, asked, at)).toMatchObject([
      { kind: 'done', outputs: kept, cached: true },
      { kind: 'held' },
      { kind: 'held' },
    ])
    expect(await studio.nodeRun(runId, 'save')).toMatchObject({ itemsCached: 1, saved: 3n * token })
    expect(await studio.prepare(runId, [itemOf(0, recipe)])).toMatchObject([
      { kind: 'done', outputs: painted, cached: true },
    ])
  }
  // What was taken over is there for the department again.
  const other = await studio.begunRun(0n, {}, first.member)
  expect(await studio.prepare(other.runId, [itemOf(0, recipe)])).toMatchObject([{ kind: 'done' }])
})

test('results of another department are not taken up, whatever the plan says', async () => {
  const recipe = newRecipe()
  const theirs = await maker(recipe)
  const { runId } = await studio.begunRun(10n, { carryFrom: theirs.runId })
  expect(await studio.prepare(runId, [itemOf(0, recipe)])).toMatchObject([{ kind: 'held' }])
})
