/** A GPU worker that dies in the middle of its work: another one does it again, and it is paid for once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { Worker } from '@temporalio/worker'
import { expect, test } from 'vitest'
import { oneDefect } from './graphs.fixtures.ts'
import { runCallsWith } from './run-calls.fixtures.ts'
import { gpuTaskQueue } from './run-messages.ts'
import { startTestStudio, stubActivities } from './studio.fixtures.ts'

test('a run whose worker was killed finishes on another worker', async () => {
  const studio = await startTestStudio({}, { gpu: false })
  const script = path.join(import.meta.dirname, 'hanging-worker.fixtures.mjs')
  const doomed = spawn(process.execPath, [script, studio.address, studio.namespace, gpuTaskQueue], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { runId, handle } = await studio.start(oneDefect)
  await once(doomed.stdout, 'data')
  doomed.kill('SIGKILL')
  await once(doomed, 'exit')

  const worker = await Worker.create({
    connection: studio.connection,
    namespace: studio.namespace,
    taskQueue: gpuTaskQueue,
    activities: { runCalls: runCallsWith(stubActivities) },
  })
  await worker.runUntil(handle.result())
  const { end, spent } = studio.books.of(runId)
  expect([end, spent]).toEqual([{ status: 'succeeded' }, 1])
  const { events } = await handle.fetchHistory()
  const attempts = events?.flatMap((event) => event.activityTaskStartedEventAttributes?.attempt ?? []) ?? []
  expect(attempts).toContain(2)
  await studio.close()
})
