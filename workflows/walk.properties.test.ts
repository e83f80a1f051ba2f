/** Random graphs, failures and interventions: what must be true of every run, whatever happens in which order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulate, type SimulatedNode, type Simulation } from './simulation.fixtures.ts'

const policy = fc.constantFrom<SimulatedNode['policy']>('skip-dependents', 'fail-run', 'continue')
const noPlaces: number[] = []

const node = (place: number): fc.Arbitrary<SimulatedNode> =>
  fc.record({
    from: place === 0 ? fc.constant(noPlaces) : fc.uniqueArray(fc.nat(place - 1), { maxLength: 2 }),
    policy,
    fails: fc.oneof(
      { weight: 3, arbitrary: fc.constant(noPlaces) },
      fc.uniqueArray(fc.nat(4), { maxLength: 3 }),
    ),
    salt: fc.nat(2),
  })

const simulation: fc.Arbitrary<Simulation> = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc.record({
    nodes: fc.tuple(...Array.from({ length: count }, (_, place) => node(place))),
    items: fc.integer({ min: 1, max: 5 }),
    picks: fc.array(fc.nat(20), { minLength: 1, maxLength: 20 }),
    cancelAt: fc.option(fc.nat(15)),
    pauseAt: fc.option(fc.nat(15)),
    resumeAfter: fc.integer({ min: 1, max: 10 }),
    together: fc.boolean(),
  }),
)

const check = (property: (given: Simulation) => Promise<void>) =>
  fc.assert(fc.asyncProperty(simulation, property), { numRuns: 100 })

test('without interventions every item of every node is worked on', async () => {
  const nodes = [[], [0], [0], [1, 2]].map((from, salt): SimulatedNode => ({
    from,
    policy: 'skip-dependents',
    fails: [],
    salt,
  }))
  const rest = { items: 3, picks: [0], cancelAt: null, pauseAt: null, resumeAfter: 1, together: false }
  const { sent, ends } = await simulate({ nodes, ...rest })
  expect(sent).toHaveLength(9)
  expect(ends.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded'])
})

test('every node ends exactly once, and nothing stays open', () =>
  check(async (given) => {
    const { ends, entries, books } = await simulate(given)
    expect(ends).toHaveLength(given.nodes.length)
    const marked = entries.flatMap((entry) => (entry.kind === 'mark' ? [entry.nodeId] : []))
    expect(marked.sort()).toEqual(given.nodes.map((_, place) => `n${place}`).sort())
    const { holds, rows, otherwise } = books.of('r')
    expect(otherwise).toEqual([])
    expect(holds.filter(({ state }) => state === 'open')).toEqual([])
    expect([...rows.values()].filter(({ state }) => state === 'open')).toEqual([])
  }))

test('a node is prepared only when everything that it needs is written', () =>
  check(async (given) => {
    const { log } = await simulate(given)
    for (const [place, { from }] of given.nodes.entries()) {
      const first = log.indexOf(`prepare n${place}`)
      if (first < 0) continue
      for (const source of from) {
        expect(log.lastIndexOf(`settle n${source}`)).toBeLessThan(first)
        expect(log.indexOf(`mark n${source}`)).toBeLessThan(first)
        expect(log.indexOf(`mark n${source}`)).toBeGreaterThanOrEqual(0)
      }
    }
  }))

test('an item is worked on once, nothing begins after the run is stopped, and nothing new while it is paused', () =>
  check(async (given) => {
    const { sent, sentAfterStop, askedWhilePaused } = await simulate(given)
    expect(sent).toHaveLength(new Set(sent).size)
    expect([sentAfterStop, askedWhilePaused]).toEqual([0, 0])
  }))

test('what a node may lose does not fail it, and what depends on a failure is not tried', () =>
  check(async (given) => {
    const { ends, sent } = await simulate({ ...given, cancelAt: null })
    const isFailRun = given.nodes.some(({ policy }, place) => policy === 'fail-run' && ends[place]?.failure)
    if (isFailRun) return
    for (const [place, { from }] of given.nodes.entries()) {
      const [image] = from
      if (image === undefined) continue
      const lost = ends[image]?.state === 'failed' && ends[image].counts.succeeded === 0
      const skipped = ends[image]?.state === 'skipped'
      if (!lost && !skipped) continue
      expect(ends[place]?.state).toBe('skipped')
      expect(sent.some((name) => name.startsWith(`n${place}#`))).toBe(false)
    }
    expect(ends.some(({ state }) => state === 'cancelled')).toBe(false)
  }))

test('the same happens in the same order every time', () =>
  check(async (given) => {
    const [one, other] = [await simulate(given), await simulate(given)]
    expect(one.log).toEqual(other.log)
    expect(one.sent).toEqual(other.sent)
  }))
