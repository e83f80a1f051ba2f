/** Control nodes with stub activities: which way an item goes, and what is asked of the world with whole lists. */
import { expect, test } from 'vitest'
import type { Activities } from '../activities.ts'
import type { CollectionRef } from '../ports.ts'
import { WebhookUrl } from '../webhook-url.ts'
import { callWebhook, ifNode, limit, mergeImages, notify, review, switchNode } from './index.ts'

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 10, width: 64, height: 48 }
const list = (count: number): CollectionRef => ({
  key: String(count % 10).repeat(64),
  mediaType: 'application/json',
  bytes: 10,
  count,
})
const made = { tool: 'inpaint', nodeId: 'n', seed: 7, prompt: 'a deep crack' }

/** Answers what a test gives it, and remembers what it was asked; what a test does not expect fails it. */
function world(answers: Record<string, unknown>) {
  const calls: [string, unknown][] = []
  const activities = new Proxy({} as Activities, {
    get: (_target, name) => async (input: unknown) => {
      calls.push([String(name), input])
      if (!(String(name) in answers)) throw new Error(`${String(name)} was not expected.`)
      const answer = answers[String(name)]
      return Array.isArray(answer) ? (answer.shift() as unknown) : answer
    },
  })
  const waitForReview = async (reviewId: string, hours: number, remind: (round: number) => Promise<void>) => {
    calls.push(['waitForReview', { reviewId, hours }])
    await remind(1)
  }
  return { calls, context: { activities, waitForReview } }
}

const item = { name: 'part.png', index: 3 }
const perItem = { inputs: { image, text: undefined, number: 0.4 }, item, made, ...world({}).context }

test.each([
  ['number < 0.5', 'yes'],
  ['number > 0.5', 'no'],
  ["contains(prompt, 'crack') and index == 3", 'yes'],
])('if %s, the picture goes %s, with its name and how it was made', async (condition, way) => {
  const outputs = await ifNode.run({ ...perItem, params: { condition } })
  const itself = { items: [{ name: 'part.png', value: image, made }] }
  expect(outputs).toEqual({ yes: { items: [] }, no: { items: [] }, [way]: itself })
})

test.each([
  [{ first: 'width > 64', second: 'width > 32', third: 'true', fourth: '' }, 'second'],
  [{ first: '', second: '', third: '', fourth: 'height == 48' }, 'fourth'],
  [{ first: '', second: 'false', third: '', fourth: '' }, 'other'],
])('switch takes the first case that is true: %j → %s', async (params, way) => {
  const outputs: Record<string, { items: unknown[] }> = Object.fromEntries(
    Object.entries(await switchNode.run({ ...perItem, params })).map(([port, output]) => [
      port,
      { items: 'items' in output ? output.items : [output] },
    ]),
  )
  expect(Object.keys(outputs).filter((port) => outputs[port]?.items.length === 1)).toEqual([way])
})

test('merge joins what came and passes a single list on as it is', async () => {
  const { calls, context } = world({ mergeCollections: { collection: list(5) } })
  const run = (first?: CollectionRef, second?: CollectionRef, third?: CollectionRef) =>
    mergeImages.runWhole?.({ ...context, params: {}, inputs: { first, second, third, fourth: undefined } })
  expect(await run(list(2), undefined, list(3))).toEqual({ image: list(5) })
  expect(calls).toEqual([['mergeCollections', { collections: [list(2), list(3)] }]])
  expect(await run(undefined, list(2))).toEqual({ image: list(2) })
  expect(await run()).toEqual({ image: null })
  expect(calls).toHaveLength(1)
})

test('limit counts from one, as people do', async () => {
  const { calls, context } = world({ limitCollection: { collection: null } })
  const params = limit.params.parse({ from: 3, count: 2 })
  expect(await limit.runWhole?.({ ...context, params, inputs: { image: list(2) } })).toEqual({ image: null })
  expect(calls).toEqual([['limitCollection', { collection: list(2), from: 2, count: 2 }]])
})

test('review asks, waits, reminds by rounds, and hands on what was decided', async () => {
  const decided = { accepted: list(1), rejected: null }
  const { calls, context } = world({
    openReview: { reviewId: 'r1' },
    readReview: [null, decided],
    remindReviewers: undefined,
  })
  const params = review.params.parse({ reviewers: ' kim, lee;kim\n', remindEveryHours: 2 })
  expect(await review.runWhole?.({ ...context, params, inputs: { image: list(4) } })).toEqual(decided)
  const { title, question } = params
  expect(calls).toEqual([
    ['openReview', { collection: list(4), title, question, reviewers: ['kim', 'lee'] }],
    ['readReview', { reviewId: 'r1' }],
    ['waitForReview', { reviewId: 'r1', hours: 2 }],
    ['remindReviewers', { reviewId: 'r1', round: 1 }],
    ['readReview', { reviewId: 'r1' }],
  ])
})

test('a review that was decided before does not wait for people again', async () => {
  const decided = { accepted: null, rejected: list(1) }
  const { calls, context } = world({ openReview: { reviewId: 'r1' }, readReview: decided })
  await review.runWhole?.({ ...context, params: review.params.parse({}), inputs: { image: list(1) } })
  expect(calls.map(([name]) => name)).toEqual(['openReview', 'readReview'])
})

test('nothing to review asks nobody', async () => {
  const { calls, context } = world({})
  const params = review.params.parse({})
  const outputs = await review.runWhole?.({ ...context, params, inputs: { image: undefined } })
  expect([outputs, calls]).toEqual([{ accepted: null, rejected: null }, []])
})

test('mails and webhooks are sent once for the whole list, which goes on', async () => {
  const { calls, context } = world({ notify: undefined, callWebhook: { status: 204 } })
  const inputs = { image: list(7) }
  const mailed = await notify.runWhole?.({ ...context, inputs, params: notify.params.parse({ to: 'kim' }) })
  const params = callWebhook.params.parse({
    url: 'https://example.com/hook',
    secretName: 'line',
    message: 'hi',
  })
  const called = await callWebhook.runWhole?.({ ...context, inputs, params })
  expect([mailed, called]).toEqual([inputs, inputs])
  expect(calls).toMatchObject([
    ['notify', { to: ['kim'], collection: list(7) }],
    ['callWebhook', { url: params.url, secretName: 'line', body: { count: 7, message: 'hi' } }],
  ])
  const unset = callWebhook.params.parse({})
  await expect(callWebhook.runWhole?.({ ...context, inputs, params: unset })).rejects.toThrow('No address')
})

test.each([
  ['https://example.com', true],
  ['http://127.0.0.1:8080/a?b=c#d', true],
  ['https://[2001:db8::1]:444/x', true],
  ['https://user:secret@example.com', false],
  ['https://example.com@evil.org', false],
  ['ftp://example.com', false],
  ['javascript:alert(1)', false],
  ['https://', false],
  ['https://a b', false],
  ['https://example.com\\@evil.org', false],
  ['example.com', false],
  [`https://example.com/${'x'.repeat(2000)}`, false],
])('the address %s is understood: %s', (url, isFine) => {
  const read = WebhookUrl.safeParse(url)
  expect(read.success).toBe(isFine)
  expect(read.error?.message ?? '').not.toContain('secret@')
})
