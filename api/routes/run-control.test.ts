/** What people ask of runs under way reaches their workflows; what has ended stays as it is. */
import { runWorkflowId } from '@defect-studio/workflows/run-messages'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endRun } from '@defect-studio/stores'
import { mendRuns } from '../dispatch/mend-runs.ts'
import { oweCallbacks } from '../dispatch/owe-callbacks.ts'
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

interface Controlled {
  id: string
  status: string
  paused: boolean
  priority: number
  asked: number
  cancelAskedAt: string | null
  parentRunId: string | null
  trigger: string
  retries: string[]
  failure: { message: string } | null
}

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const log = pino({ level: 'silent' })
const ask = (method: string, path: string, json?: object, as = token) =>
  studio.call<Controlled>(method, path, { token: as, ...(json ? { json } : {}) })
const start = async (more: object = {}, as = token) => {
  const answer = await ask('POST', '/api/v1/runs', { graph: promptGraph, ...more }, as)
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body.id
}
const rowOf = (id: string) => studio.db.run.findUniqueOrThrow({ where: { id } })
const end = (runId: string, status: 'succeeded' | 'cancelled' = 'succeeded') =>
  endRun(studio.db, { runId, status })

async function signals(id: string): Promise<unknown[]> {
  const history = await studio.temporal.workflow.getHandle(runWorkflowId(id)).fetchHistory()
  return (history.events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: told }) =>
    told ? [JSON.parse(Buffer.from(told.input?.payloads?.[0]?.data ?? []).toString()) as unknown] : [],
  )
}

test('pause, resume and priority are written down and reach the workflow, the latest last', async () => {
  const id = await start()
  expect((await rowOf(id)).priority).toBe(1)
  expect((await ask('POST', `/api/v1/runs/${id}/pause`)).body).toMatchObject({ paused: true })
  expect((await ask('PUT', `/api/v1/runs/${id}/priority`, { priority: 4 })).body.priority).toBe(4)
  // The same again is no change.
  await ask('PUT', `/api/v1/runs/${id}/priority`, { priority: 4 })
  expect((await ask('POST', `/api/v1/runs/${id}/resume`)).body).toMatchObject({ paused: false, priority: 4 })
  await expect
    .poll(
      async () => {
        const { control, controlSent } = await rowOf(id)
        return [control, controlSent]
      },
      { timeout: 20_000 },
    )
    .toEqual([3, 3])
  expect((await signals(id)).at(-1)).toEqual({ revision: 3, paused: false, priority: 4 })
  expect((await ask('PUT', `/api/v1/runs/${id}/priority`, { priority: 6 })).status).toBe(422)
})

test('what has ended is neither paused nor cancelled', async () => {
  const id = await start()
  await end(id)
  await ask('POST', `/api/v1/runs/${id}/pause`)
  const answer = await ask('POST', `/api/v1/runs/${id}/cancel`)
  expect(answer.body).toMatchObject({ status: 'succeeded', paused: false, cancelAskedAt: null })
})

test('all of one’s own runs are cancelled together, those of the department by its administrators alone', async () => {
  const colleague = await studio.signInMember('control-colleague', 'department_member', 'My department')
  const me = await studio.db.member.findFirstOrThrow({ where: { loginId: 'owner' } })
  const them = await studio.db.member.findFirstOrThrow({ where: { loginId: 'control-colleague' } })
  const order = { departmentId: me.departmentId, memberId: them.id, amount: 5_000_000n, byMemberId: null }
  await studio.ledger.issue({ idem: 'control', expiresAt: null, ...order })
  await studio.ledger.distribute({ idem: 'control-to', ...order })
  const mine = await start()
  const theirs = await start({}, colleague)
  expect((await ask('POST', '/api/v1/runs/cancel', { of: 'department' }, colleague)).status).toBe(403)
  expect((await ask('POST', '/api/v1/runs/cancel', {})).body.asked).toBeGreaterThan(0)
  expect((await rowOf(mine)).cancelAskedAt).not.toBeNull()
  expect((await rowOf(theirs)).cancelAskedAt).toBeNull()
  expect((await ask('POST', '/api/v1/runs/cancel', { of: 'department' })).body.asked).toBe(1)
  expect((await rowOf(theirs)).cancelAskedAt).not.toBeNull()
})

test('a run that is taken up again keeps its seeds, names its parent, and may have another graph', async () => {
  const id = await start()
  await end(id, 'cancelled')
  const planOf = async (runId: string) =>
    (await rowOf(runId)).plan as { carryFrom: string; nodes: { id: string; params: { seed?: number } }[] }
  const seedOf = async (runId: string) =>
    (await planOf(runId)).nodes.find((node) => node.id === 'make')?.params.seed
  const again = await ask('POST', `/api/v1/runs/${id}/retry`, {})
  expect(again.status).toBe(201)
  expect(again.body).toMatchObject({ parentRunId: id, trigger: 'retry' })
  expect((await planOf(again.body.id)).carryFrom).toBe(id)
  expect(await seedOf(again.body.id)).toBe(await seedOf(id))
  expect(await seedOf(await start())).not.toBe(await seedOf(id))
  const graph = { ...promptGraph, nodes: promptGraph.nodes.map((node) => ({ ...node, title: 'edited' })) }
  const edited = await ask('POST', `/api/v1/runs/${id}/retry`, { graph })
  expect(JSON.stringify((await rowOf(edited.body.id)).document)).toContain('edited')
  await studio.db.run.update({ where: { id }, data: { startedAt: new Date() } })
  expect((await ask('GET', `/api/v1/runs/${id}`)).body.retries).toEqual([edited.body.id, again.body.id])
  const stranger = await studio.signInMember('retry-stranger')
  expect((await ask('POST', `/api/v1/runs/${id}/retry`, {}, stranger)).status).toBe(404)
})

test('only what is asked for, and what it needs, is planned', async () => {
  const id = await start({ only: ['words'] })
  const { plan, quote } = await rowOf(id)
  expect([JSON.stringify(plan).includes('text-to-image'), quote]).toEqual([false, 0])
  const unknown = await ask('POST', '/api/v1/runs', { graph: promptGraph, only: ['nowhere'] })
  expect(unknown.status).toBe(422)
})

test('who asked to be told of the end is told once, with the own id', async () => {
  const callback = { url: 'https://example.com/done' }
  const id = await start({ reference: 'order 7', callback })
  await oweCallbacks({ db: studio.db, log })
  expect(await studio.db.webhookDelivery.count({ where: { runId: id } })).toBe(0)
  await end(id)
  await Promise.all([1, 2, 3].map(() => oweCallbacks({ db: studio.db, log })))
  const deliveries = await studio.db.webhookDelivery.findMany({ where: { runId: id } })
  expect(deliveries).toHaveLength(1)
  expect(deliveries[0]).toMatchObject({
    url: 'https://example.com/done',
    body: { type: 'run.ended', data: { runId: id, reference: 'order 7', status: 'succeeded' } },
  })
  const bad = await ask('POST', '/api/v1/runs', {
    graph: promptGraph,
    callback: { url: 'file:///etc/passwd' },
  })
  expect(bad.status).toBe(422)
  const unsigned = { url: 'https://example.com/done', secretName: 'nobody' }
  const secretless = await ask('POST', '/api/v1/runs', { graph: promptGraph, callback: unsigned })
  expect([secretless.status, JSON.stringify(secretless.body)]).toEqual([
    422,
    expect.stringContaining('callback.secretName'),
  ])
})

test('a run that an earlier version planned is ended in words, and can still be looked at', async () => {
  const id = await start()
  await expect.poll(async () => (await rowOf(id)).dispatchedAt, { timeout: 20_000 }).not.toBeNull()
  const plan = { planVersion: 1, nodes: [], outputs: [], quote: 0 }
  const document = { formatVersion: 2, nodes: [], edges: [], inputs: [], outputs: [] }
  await studio.db.run.update({ where: { id }, data: { plan, document } })
  await mendRuns({ db: studio.db, temporal: studio.temporal, log })
  const { body } = await ask('GET', `/api/v1/runs/${id}`)
  expect(body.status).toBe('failed')
  expect(body.failure?.message).toContain('The studio was updated')
  const { status } = await studio.temporal.workflow.getHandle(runWorkflowId(id)).describe()
  expect(status.name).toBe('TERMINATED')
})

test('a run is kept whatever the policy says, until it is let go', async () => {
  const id = await start()
  expect((await ask('PUT', `/api/v1/runs/${id}/keep`, { kept: true })).body).toMatchObject({ kept: true })
  expect((await rowOf(id)).keptAt).not.toBeNull()
  expect((await ask('PUT', `/api/v1/runs/${id}/keep`, { kept: false })).body).toMatchObject({ kept: false })
})
