/** Moving what waits leaves alone what is not there; that it moves is held by `workflows/run-control.test.ts`. */
import { randomUUID } from 'node:crypto'
import { runWorkflowId } from '@defect-studio/workflows/run-messages'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testTemporalAddress, uniqueName } from '../../scripts/testing/test-temporal.ts'
import { giveBackWaiting } from './give-back-waiting.ts'

let connection: Connection
beforeAll(async () => {
  connection = await Connection.connect({ address: await testTemporalAddress() })
})
afterAll(() => connection.close())

test('a run that is no more, and one that waits for nothing, are passed over', async () => {
  const temporal = new Client({ connection })
  await expect(giveBackWaiting(temporal, randomUUID(), 1)).resolves.toBeUndefined()
  const runId = randomUUID()
  await temporal.workflow.start('runGraph', {
    taskQueue: uniqueName('nobody'),
    workflowId: runWorkflowId(runId),
  })
  await expect(giveBackWaiting(temporal, runId, 1)).resolves.toBeUndefined()
  await temporal.workflow.getHandle(runWorkflowId(runId)).terminate()
})
