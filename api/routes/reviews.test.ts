/** Reviews with real rows, mails and a real workflow: who may decide, when it is over, and that the run is told. */
import {
  createCollection,
  openReview,
  readReview,
  registerArtifact,
  remindReviewers,
} from '@defect-studio/stores'
import { runWorkflowId } from '@defect-studio/workflows/run-messages'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
const tokens: Record<string, string> = {}
beforeAll(async () => {
  studio = await startTestStudio()
  for (const name of ['kim', 'lee', 'park'])
    tokens[name] = await studio.signInMember(name, undefined, 'line 1')
  tokens['boss'] = await studio.signInMember('boss', 'department_admin', 'line 1')
  tokens['stranger'] = await studio.signInMember('stranger', 'department_admin', 'line 2')
})
afterAll(() => studio.close())

interface ReviewBody {
  id: string
  state: string
  total: number
  accepted: number
  rejected: number
  undecided: number
  mayDecide: boolean
  waiting: number
  code: string
  reviewers: string[]
  items: {
    id: string
    index: number
    name: string
    accepted: boolean | null
    decidedBy: string
    comment: string
    image: { url: string }
  }[]
}
const call = (who: string, method: string, path: string, json?: unknown) =>
  studio.call<ReviewBody>(method, `/api/v1/reviews${path}`, { token: tokens[who], json })

/** A run of kim's that has come to its review, as the worker opens it. */
async function ask(pictures: number, reviewers: string[] = []) {
  const { db, artifacts } = studio
  const owner = await db.member.findUniqueOrThrow({ where: { loginId: 'kim' } })
  const run = await db.run.create({
    data: {
      graphName: 'Line check',
      ownerId: owner.id,
      departmentId: owner.departmentId,
      status: 'running',
      document: {},
      plan: {},
      quote: 0,
      requestHash: '-',
      dispatchedAt: new Date(),
    },
  })
  const stored = await artifacts.put(await picture(pictures), 'image/png')
  const image = { ...stored, mediaType: 'image/png', width: 32, height: 24 }
  await registerArtifact(db, image, null)
  const collection = await createCollection(
    artifacts,
    Array.from({ length: pictures }, (_, index) => ({
      name: `${index}.png`,
      value: image,
      index: index * 2,
    })),
  )
  const task = { runId: run.id, nodeId: 'look' }
  const order = { task, collection, title: 'Cracks', question: 'Is it a crack?', reviewers, publicUrl: null }
  const { reviewId } = await openReview(db, artifacts, order)
  expect(await openReview(db, artifacts, order)).toEqual({ reviewId })
  return { runId: run.id, reviewId, task }
}

const mailsOf = async (reviewId: string) =>
  (await studio.db.outgoingMail.findMany({ where: { key: { startsWith: `review-${reviewId}` } } }))
    .map(({ toAddress, subject }) => `${toAddress.split('@')[0]} ${subject}`)
    .sort()

test('pictures are decided one by one; the last decision lets the run go on, which is told', async () => {
  const { runId, reviewId, task } = await ask(3, ['lee', 'park'])
  await studio.temporal.workflow.start('runGraph', {
    taskQueue: `nobody-${runId}`,
    workflowId: runWorkflowId(runId),
  })
  expect(await mailsOf(reviewId)).toEqual([
    'lee To review: Cracks (3 pictures)',
    'park To review: Cracks (3 pictures)',
  ])
  const list = await call('lee', 'GET', '')
  expect(list.body.items.map(({ id }) => id)).toContain(reviewId)
  const shown = await call('lee', 'GET', `/${reviewId}/items?from=1&limit=1`)
  expect(shown.body.items).toMatchObject([{ index: 1, name: '1.png', accepted: null, decidedBy: null }])
  expect((await fetch(studio.url + shown.body.items[0]?.image.url)).status).toBe(200)

  const decide = (who: string, json: unknown) => call(who, 'POST', `/${reviewId}/decisions`, json)
  await decide('lee', { indexes: [0, 1], accepted: true })
  const changed = await decide('park', { indexes: [1], accepted: false, comment: '너무 어둡다' })
  expect(changed.body).toMatchObject({ state: 'open', accepted: 1, rejected: 1, undecided: 1 })
  const items = (await call('lee', 'GET', `/${reviewId}/items`)).body.items
  expect(items.map(({ accepted, decidedBy, comment }) => [accepted, decidedBy, comment])).toEqual([
    [true, 'lee', null],
    [false, 'park', '너무 어둡다'],
    [null, null, null],
  ])
  expect(await readReview(studio.db, studio.artifacts, task, reviewId)).toBeNull()

  const last = await decide('lee', { indexes: [2], accepted: true })
  expect(last.body).toMatchObject({ state: 'decided', accepted: 2, rejected: 1, mayDecide: false })
  expect((await decide('lee', { indexes: [2], accepted: false })).body.code).toBe('review-closed')
  expect((await decide('lee', { indexes: [2], accepted: false })).status).toBe(409)
  const result = await readReview(studio.db, studio.artifacts, task, reviewId)
  expect([result?.accepted?.count, result?.rejected?.count]).toEqual([2, 1])

  await expect
    .poll(async () => (await studio.db.review.findUniqueOrThrow({ where: { id: reviewId } })).toldAt, {
      timeout: 10_000,
    })
    .not.toBeNull()
  const history = await studio.temporal.workflow.getHandle(runWorkflowId(runId)).fetchHistory()
  const signals = (history.events ?? []).flatMap(
    ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? [],
  )
  expect(signals).toEqual(['reviewed'])
})

test('only those who were asked decide, the owner looks on, and other departments see nothing', async () => {
  const { reviewId } = await ask(1, ['lee'])
  const seen = async (who: string) => (await call(who, 'GET', `/${reviewId}`)).status
  expect(await Promise.all(['kim', 'lee', 'park', 'boss', 'stranger'].map(seen))).toEqual([
    200, 200, 404, 200, 404,
  ])
  const decided = async (who: string) =>
    (await call(who, 'POST', `/${reviewId}/decisions`, { indexes: [0], accepted: true })).status
  expect(await decided('kim')).toBe(403)
  expect(await decided('boss')).toBe(403)
  expect(await decided('park')).toBe(404)
  expect(await decided('stranger')).toBe(404)
  expect((await studio.call('GET', '/api/v1/reviews')).status).toBe(401)
  const waiting = async (who: string) =>
    (await call(who, 'GET', '')).body.items.some(({ id }) => id === reviewId)
  expect(await Promise.all(['kim', 'lee', 'boss'].map(waiting))).toEqual([false, true, false])
  expect((await call('kim', 'POST', `/${reviewId}/close`, { undecided: 'accept' })).status).toBe(403)
  expect((await call('boss', 'POST', `/${reviewId}/close`, { undecided: 'reject' })).body).toMatchObject({
    state: 'decided',
    rejected: 1,
  })
})

test('a review without names is for everybody of the department', async () => {
  const { reviewId } = await ask(2)
  expect((await mailsOf(reviewId)).map((mail) => mail.split(' ')[0])).toEqual(['boss', 'kim', 'lee', 'park'])
  const json = { indexes: [0, 1], accepted: false }
  expect((await call('park', 'POST', `/${reviewId}/decisions`, json)).body).toMatchObject({ rejected: 2 })
})

test('two last decisions at once are both counted, and the review is decided once', async () => {
  const { reviewId } = await ask(2)
  const ends = await Promise.all([
    call('lee', 'POST', `/${reviewId}/decisions`, { indexes: [0], accepted: true }),
    call('park', 'POST', `/${reviewId}/decisions`, { indexes: [1], accepted: false }),
  ])
  expect(ends.map(({ status }) => status)).toEqual([200, 200])
  expect((await call('lee', 'GET', `/${reviewId}`)).body).toMatchObject({
    state: 'decided',
    accepted: 1,
    rejected: 1,
  })
})

test('a review with undecided pictures is closed only when one says what becomes of them', async () => {
  const { reviewId } = await ask(3)
  await call('lee', 'POST', `/${reviewId}/decisions`, { indexes: [1], accepted: true })
  const refused = await call('lee', 'POST', `/${reviewId}/close`, {})
  expect([refused.status, refused.body.code]).toEqual([409, 'review-undecided'])
  const closed = await call('lee', 'POST', `/${reviewId}/close`, { undecided: 'reject' })
  expect(closed.body).toMatchObject({ state: 'decided', accepted: 1, rejected: 2 })
  expect((await call('lee', 'POST', `/${reviewId}/close`, { undecided: 'reject' })).status).toBe(409)
})

test('places that the review does not have are refused, and nothing is written', async () => {
  const { reviewId } = await ask(2)
  const decide = async (json: unknown) => (await call('lee', 'POST', `/${reviewId}/decisions`, json)).status
  expect(await decide({ indexes: [0, 7], accepted: true })).toBe(422)
  expect(await decide({ indexes: [], accepted: true })).toBe(422)
  expect(await decide({ indexes: [0] })).toBe(422)
  expect(await decide({ indexes: [0], accepted: true, comment: 'x'.repeat(1001) })).toBe(422)
  expect((await call('lee', 'GET', `/${reviewId}`)).body).toMatchObject({ undecided: 2 })
})

test('the review of a run that was cancelled is over', async () => {
  const { runId, reviewId } = await ask(1)
  await studio.db.run.update({ where: { id: runId }, data: { status: 'cancelled', endedAt: new Date() } })
  const json = { indexes: [0], accepted: true }
  expect((await call('lee', 'POST', `/${reviewId}/decisions`, json)).status).toBe(409)
  expect((await call('lee', 'GET', `/${reviewId}`)).body).toMatchObject({ state: 'closed', mayDecide: false })
  await expect
    .poll(async () => (await studio.db.review.findUniqueOrThrow({ where: { id: reviewId } })).closedAt, {
      timeout: 10_000,
    })
    .not.toBeNull()
})

test('whoever has decided nothing is reminded, once for each round, until the review is over', async () => {
  const { db } = studio
  const { reviewId, task } = await ask(2, ['lee', 'park'])
  await call('park', 'POST', `/${reviewId}/decisions`, { indexes: [0], accepted: true })
  for (const round of [1, 1, 2]) await remindReviewers(db, task, { reviewId, round, publicUrl: null })
  expect((await mailsOf(reviewId)).filter((mail) => mail.includes('Reminder'))).toEqual([
    'lee Reminder: Cracks (1 picture)',
    'lee Reminder: Cracks (1 picture)',
  ])
  await call('park', 'POST', `/${reviewId}/decisions`, { indexes: [1], accepted: true })
  await remindReviewers(db, task, { reviewId, round: 3, publicUrl: null })
  expect(await mailsOf(reviewId)).toHaveLength(4)
})

test.each([
  ['nobody', ['ghost'], 'Nobody of the department has the login id "ghost"'],
  ['of another department', ['lee', 'stranger'], '"stranger"'],
])('a reviewer who is %s fails the node and opens nothing', async (_what, reviewers, words) => {
  const before = await studio.db.review.count()
  await expect(ask(1, reviewers)).rejects.toThrow(words)
  expect(await studio.db.review.count()).toBe(before)
})

test('more pictures than anybody looks at are refused before anything is read', async () => {
  const { task } = await ask(1)
  const collection = { key: 'a'.repeat(64), mediaType: 'application/json', bytes: 1, count: 5001 }
  const order = { task, collection, title: 't', question: 'q', reviewers: [], publicUrl: null }
  await expect(openReview(studio.db, studio.artifacts, order)).rejects.toThrow('Put a Limit before it')
})
