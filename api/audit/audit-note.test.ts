import { expect, test } from 'vitest'
import { routes } from '../routes/index.ts'
import { actionOf, isAudited, kindOf } from './audit-note.ts'

test.each([
  ['post', '/graphs', 'graphs.create'],
  ['put', '/graphs/:id', 'graphs.change'],
  ['delete', '/worker-tokens/:id', 'worker-tokens.delete'],
  ['post', '/members/:id/disable', 'members.disable'],
  ['post', '/v1/runs/:id/cancel', 'runs.cancel'],
  ['delete', '/models/installations/:id', 'models.installations.delete'],
])('%s %s is called %s', (method, path, action) => {
  expect(actionOf({ method, path })).toBe(action)
})

test('kinds are singular', () => {
  expect(['/members/:id', '/batches/:id', '/api-keys', '/v1/runs/:id'].map(kindOf)).toEqual([
    'member',
    'batch',
    'api-key',
    'run',
  ])
})

test('every route that may change something is in the audit log under a name of plain words, or says that it is not', () => {
  for (const route of routes) {
    if (route.method === 'get' || !isAudited(route)) continue
    expect(actionOf(route), route.path).toMatch(/^[a-z-]+(\.[a-z-]+)+$/)
  }
  const quiet = routes
    .filter((route) => route.method !== 'get' && route.audit === false)
    .map(({ path }) => path)
  // What is quiet changes nothing that a person would ask about: quotes, checks, and what workers say all the time.
  expect(
    quiet.filter((path) => !/quote|check|preview|metadata|topics|refresh|^\/worker\//.test(path)),
  ).toEqual([])
})
