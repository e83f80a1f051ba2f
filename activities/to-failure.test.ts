/** Every error that an activity can throw gets a type, a verdict on another try, and a message that fits. */
import { failureTypes, StudioError, type FailureType } from '@defect-studio/nodes'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { expect, test } from 'vitest'
import { toFailure } from './to-failure.ts'

const first = { attempt: 1, internalAttempts: 3 }

test.each(Object.entries(failureTypes))(
  'a StudioError keeps its type "%s" and says whether to try again',
  (type, rule) => {
    const failure = toFailure(new StudioError(type as FailureType, 'Why it failed.'), first)
    expect(failure).toMatchObject({ type, message: 'Why it failed.', nonRetryable: !rule.retryable })
  },
)

test('an API or database that is away is worth another try, however deep its code is hidden', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  for (const error of [refused, new TypeError('fetch failed', { cause: refused })])
    expect(toFailure(error, first)).toMatchObject({ type: 'unavailable', nonRetryable: false })
  const isPassing = (error: unknown) => error instanceof Error && error.message === 'deadlock'
  expect(toFailure(new Error('deadlock'), { ...first, isPassing })).toMatchObject({ type: 'unavailable' })
})

test('a file that cannot be decoded is the input’s fault', () => {
  const problem = Object.assign(new Error('The file is cut off.'), { name: 'ImageProblem' })
  expect(toFailure(problem, first)).toMatchObject({ type: 'invalid-input', nonRetryable: true })
})

test('a fault in our own code is tried a few times, then given up', () => {
  const fault = new TypeError('x is not a function')
  expect(toFailure(fault, { ...first, attempt: 2 })).toMatchObject({ type: 'internal', nonRetryable: false })
  expect(toFailure(fault, { ...first, attempt: 3 })).toMatchObject({ type: 'internal', nonRetryable: true })
})

test('what is a failure already stays as it is', () => {
  for (const failure of [new CancelledFailure('cancelled'), ApplicationFailure.nonRetryable('x', 'y')])
    expect(toFailure(failure, first)).toBe(failure)
})

test('a message longer than the server keeps is cut', () => {
  const long = new StudioError('invalid-input', 'x'.repeat(100_000))
  expect(toFailure(long, first).message.length).toBeLessThan(4096)
})

test('what is thrown need not be an error', () => {
  expect(toFailure('oops', first)).toMatchObject({ type: 'internal' })
})

test('what an unforeseen error quotes stays in the log', () => {
  const text = 'Invalid `tx.member.update()` invocation in /srv/studio/dist/worker.js:1:2 passwordHash: "x"'
  const passing = { ...first, isPassing: () => true }
  for (const failure of [toFailure(new Error(text), first), toFailure(new Error(text), passing)])
    expect(failure.message).not.toMatch(/srv|worker\.js|passwordHash|invocation/)
})

test.each([
  ['/home/ann/models/sd-15 has no unet/model.onnx.', 'sd-15 has no unet/model.onnx.'],
  ['C:\\models\\sd-15 has no config.json.', 'sd-15 has no config.json.'],
  ["ENOENT: open '/srv/data/artifacts/ab/cd'", "ENOENT: open 'cd'"],
  ['The studio at http://10.0.0.5:8080/api/x is away.', 'The studio at http://10.0.0.5:8080/api/x is away.'],
  ['512 / 768 pixels and/or more', '512 / 768 pixels and/or more'],
])('people are told what is wrong, not where it lies: %s', (message, shown) => {
  expect(toFailure(new StudioError('model-broken', message), first).message).toBe(shown)
})
