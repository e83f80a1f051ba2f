/** A run that was accepted starts, whoever was away when it was. */
import { runWorkflowId } from '@defect-studio/workflows/run-messages'
import { Client, Connection } from '@temporalio/client'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testTemporalAddress } from '../scripts/testing/test-temporal.ts'
import { type CuttableLine, layLine } from './cuttable-line.fixtures.ts'
import { mendRuns } from './dispatch/mend-runs.ts'
import { startDispatcher } from './dispatch-runs.ts'
import { defectGraph, picture, startTestStudio, type TestStudio } from './studio.fixtures.ts'

let studio: TestStudio
let temporal: CuttableLine
let token: string
beforeAll(async () => {
  const [host = '', port] = (await testTemporalAddress()).split(':')
  temporal = await layLine(host, Number(port))
  studio = await startTestStudio({ temporalAddress: `127.0.0.1:${temporal.port}` })
  token = await studio.signInOwner()
})
afterAll(async () => {
  await studio.close()
  temporal.cut()
  temporal.close()
})

async function startRun(): Promise<string> {
  const photo = (await studio.upload(token, await picture())).body
  const json = { graph: defectGraph, inputs: { photo } }
  const answer = await studio.call('POST', '/api/v1/runs', { token, json })
  expect(answer.status).toBe(201)
  return answer.body.id
}
const dispatchedAt = async (id: string) =>
  (await studio.db.run.findUniqueOrThrow({ where: { id } })).dispatchedAt

test('while Temporal is away runs are accepted, and they start when it is back', async () => {
  temporal.cut()
  const id = await startRun()
  const health = await studio.call('GET', '/api/v1/health')
  expect(health.status).toBe(503)
  expect(health.body.components.find(({ name }) => name === 'temporal')?.state).toBe('down')
  expect(await dispatchedAt(id)).toBeNull()
  temporal.mend()
  await expect.poll(() => dispatchedAt(id), { timeout: 45_000, interval: 200 }).not.toBeNull()
  const { status } = await studio.temporal.workflow.getHandle(runWorkflowId(id)).describe()
  expect(status.name).toBe('RUNNING')
})

test('a run that was started and whose mark was lost is marked, not started again', async () => {
  const id = await startRun()
  await expect.poll(() => dispatchedAt(id), { timeout: 20_000 }).not.toBeNull()
  const handle = studio.temporal.workflow.getHandle(runWorkflowId(id))
  const before = (await handle.describe()).runId
  // The workflow has ended meanwhile, which is the harder case.
  await handle.terminate()
  await studio.db.run.update({ where: { id }, data: { dispatchedAt: null } })
  await expect.poll(() => dispatchedAt(id), { timeout: 20_000 }).not.toBeNull()
  expect((await handle.describe()).runId).toBe(before)
})

test('a run whose workflow was terminated can be cancelled, and its held tokens go back', async () => {
  const id = await startRun()
  await expect.poll(() => dispatchedAt(id), { timeout: 20_000 }).not.toBeNull()
  const { id: memberId } = await studio.db.member.findFirstOrThrow()
  await studio.ledger.hold({ idem: `hold:${id}`, memberId, amount: 1_000_000n, runId: id, nodeId: 'draw' })
  await studio.db.run.update({ where: { id }, data: { status: 'running' } })
  await studio.temporal.workflow.getHandle(runWorkflowId(id)).terminate()
  await studio.call('POST', `/api/v1/runs/${id}/cancel`, { token })
  await expect
    .poll(async () => (await studio.call('GET', `/api/v1/runs/${id}`, { token })).body.status, {
      timeout: 20_000,
    })
    .toBe('cancelled')
  expect((await studio.ledger.balanceOf({ kind: 'member', id: memberId })).pending).toBe(0n)
})

test('two dispatchers hand one run over once', async () => {
  const connection = await Connection.connect({ address: await testTemporalAddress() })
  const other = startDispatcher({
    db: studio.db,
    temporal: new Client({ connection }),
    log: pino({ level: 'silent' }),
  })
  const ids = await Promise.all([startRun(), startRun(), startRun()])
  other.wake()
  for (const id of ids) {
    await expect.poll(() => dispatchedAt(id), { timeout: 20_000 }).not.toBeNull()
    const query = `WorkflowId = "${runWorkflowId(id)}"`
    const executions = []
    for await (const execution of studio.temporal.workflow.list({ query })) executions.push(execution)
    expect(executions.length).toBeLessThanOrEqual(1)
  }
  await other.stop()
  await connection.close()
})

const quiet = () => ({ db: studio.db, temporal: studio.temporal, log: pino({ level: 'silent' }) })
const inTwoMinutes = () => Date.now() + 120_000

test('a run whose workflow was terminated ends as failed without being asked, and its held tokens go back', async () => {
  const id = await startRun()
  await expect.poll(() => dispatchedAt(id), { timeout: 20_000 }).not.toBeNull()
  const { id: memberId } = await studio.db.member.findFirstOrThrow()
  await studio.ledger.hold({ idem: `hold:${id}`, memberId, amount: 1_000_000n, runId: id, nodeId: 'draw' })
  await mendRuns(quiet(), inTwoMinutes())
  expect((await studio.db.run.findUniqueOrThrow({ where: { id } })).status).toBe('queued')
  await studio.temporal.workflow.getHandle(runWorkflowId(id)).terminate()
  await mendRuns(quiet())
  expect((await studio.db.run.findUniqueOrThrow({ where: { id } })).status).toBe('queued')
  await mendRuns(quiet(), inTwoMinutes())
  const { body } = await studio.call('GET', `/api/v1/runs/${id}`, { token })
  expect(body).toMatchObject({ status: 'failed', failure: { remedy: 'Run it again.' } })
  expect((await studio.ledger.balanceOf({ kind: 'member', id: memberId })).pending).toBe(0n)
})

test('a run that Temporal has lost begins again', async () => {
  const {
    id: given,
    failure: _none,
    callback: _nobody,
    ...row
  } = await studio.db.run.findUniqueOrThrow({ where: { id: await startRun() } })
  const { id } = await studio.db.run.create({
    data: {
      ...row,
      document: row.document ?? {},
      plan: row.plan ?? {},
      status: 'running',
      dispatchedAt: new Date(0),
    },
  })
  expect(id).not.toBe(given)
  await mendRuns(quiet())
  const { status } = await studio.temporal.workflow.getHandle(runWorkflowId(id)).describe()
  expect(status.name).toBe('RUNNING')
})
