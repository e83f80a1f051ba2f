/** What a route is sent besides its address, where ownership is looked at only behind a body that is right. */
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import type { Parts } from './objects.fixtures.ts'

const oneText = { ...promptGraph, nodes: promptGraph.nodes.slice(0, 1), edges: [], outputs: [] }

export const bodies: Readonly<Record<string, (parts: Parts) => unknown>> = {
  'PUT /graphs/:id': () => ({ revision: 1, name: 'x' }),
  'POST /graphs/:id/batches': () => ({ name: 'b', items: [{}] }),
  'POST /graphs/:id/runs': () => ({}),
  'POST /graphs/:id/hooks': () => ({ name: 'h' }),
  'POST /graphs/check': () => ({ graph: oneText }),
  'POST /runs/quote': ({ id }) => ({ graphId: id }),
  'POST /runs/:id/retry': () => ({}),
  'PUT /runs/:id/priority': () => ({ priority: 2 }),
  'PUT /runs/:id/keep': () => ({ kept: true }),
  'POST /schedules': ({ id }) => ({
    ...{ graphId: id, name: 's', paused: true },
    timing: { kind: 'interval', everySeconds: 86_400 },
  }),
  'PUT /schedules/:id': ({ graphId }) => ({
    ...{ graphId, name: 's', paused: true },
    timing: { kind: 'interval', everySeconds: 86_400 },
  }),
  'POST /schedules/:id/trigger': () => ({}),
  'POST /schedules/:id/backfill': () => ({ from: '2026-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' }),
  'POST /reviews/:id/decisions': () => ({ indexes: [0], accepted: true }),
  'POST /reviews/:id/close': () => ({ undecided: 'accept' }),
  'POST /events/:id/topics': () => ({ topics: [] }),
  'PUT /members/:id': () => ({ role: 'department_member' }),
  'PUT /departments/:id': () => ({ name: 'x' }),
  'PUT /presets/:id': () => ({ name: 'x' }),
  'POST /presets/:id/duplicate': () => ({}),
  'POST /tokens/distribute': ({ id }) => ({ memberId: id, amount: 1 }),
  'POST /tokens/revoke': ({ id }) => ({ memberId: id, amount: 1 }),
}

/** What of an address names the object, where its path does not. */
export const queries: Readonly<Record<string, (parts: Parts) => string>> = {
  'GET /presets/export': ({ id }) => `?ids=${id}`,
}

/** Whoever asks this is signed out by it. */
export const endsSessions: ReadonlySet<string> = new Set(['DELETE /sessions', 'POST /auth/logout'])
