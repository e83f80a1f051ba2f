/** What people want of a run while it goes on: pause, resume, hurry; and on which machine its work is done. */
import { Worker } from '@temporalio/worker'
import { expect, test } from 'vitest'
import { folderOf, oneDefect } from './graphs.fixtures.ts'
import { rowsOf, runToEnd, useStudio } from './run-to-end.fixtures.ts'
import { controlSignal, gpuTaskQueue } from './run-messages.ts'
import { runCallsWith } from './run-calls.fixtures.ts'
import { createGate, stubActivities, type StubActivities, type TestStudio } from './studio.fixtures.ts'

const start = useStudio()

const control = (revision: number, paused: boolean, priority = 2) =>
  [controlSignal, { revision, paused, priority }] as const

test('a paused run ends what is under way and begins nothing new until it is resumed', async () => {
  const begun = createGate()
  const go = createGate()
  const at = await start({
    async drawDefect(input, task) {
      begun.open()
      await go.opened
      return stubActivities.drawDefect(input, task)
    },
  })
  const { runId, handle } = await at.start(folderOf(20))
  const pages = at.books.of(runId)
  await begun.opened
  await handle.signal(...control(1, true))
  // An older message comes late and changes nothing.
  await handle.signal(...control(0, false))
  await handle.query('__stack_trace')
  go.open()
  await expect.poll(() => rowsOf(pages, 'defect').every(({ state }) => state === 'succeeded')).toBe(true)
  expect(rowsOf(pages, 'defect')).toHaveLength(8)
  expect(rowsOf(pages, 'save')).toHaveLength(0)
  await handle.signal(...control(2, false))
  await handle.result()
  expect([pages.end, pages.spent]).toEqual([{ status: 'succeeded' }, 20])
})

test('a run that begins paused prepares nothing, and can be cancelled as it waits', async () => {
  const at = await start()
  at.books.begins = { paused: true, priority: 2 }
  const { runId, handle } = await at.start(oneDefect)
  await handle.query('__stack_trace')
  await handle.cancel()
  await expect(handle.result()).rejects.toThrow()
  const pages = at.books.of(runId)
  expect([pages.end, pages.rows.size]).toEqual([{ status: 'cancelled' }, 0])
  expect(pages.marks.sort()).toEqual(['defect cancelled', 'load cancelled', 'save cancelled'])
})

test('work that waits takes its new place when it is given back after a change of priority', async () => {
  const at = await start({}, { gpu: false })
  const first = await at.start(folderOf(1), 'first')
  await waitsFor(at, 'first')
  const second = await at.start(oneDefect, 'second')
  const id = await waitsFor(at, 'second')
  await second.handle.signal(...control(1, false, 1))
  await at.client.workflowService.updateActivityOptions({
    namespace: at.namespace,
    execution: { workflowId: 'run:second' },
    id,
    activityOptions: { scheduleToStartTimeout: { nanos: 1_000_000 } },
    updateMask: { paths: ['schedule_to_start_timeout'] },
  })
  const priorityOf = () => pendingCall(at, 'second').then((call) => call?.priority?.priorityKey)
  await expect.poll(priorityOf, { timeout: 10_000 }).toBe(1)
  const order: string[] = []
  const drawDefect: StubActivities['drawDefect'] = async (input, task) => {
    order.push(task.runId)
    return stubActivities.drawDefect(input, task)
  }
  const worker = await Worker.create({
    connection: at.connection,
    namespace: at.namespace,
    taskQueue: gpuTaskQueue,
    maxConcurrentActivityTaskExecutions: 1,
    activities: { runCalls: runCallsWith({ ...stubActivities, drawDefect }) },
  })
  await worker.runUntil(Promise.all([first.handle.result(), second.handle.result()]))
  expect(order).toEqual(['second', 'first'])
})

async function pendingCall({ client }: TestStudio, runId: string) {
  const { raw } = await client.workflow.getHandle(`run:${runId}`).describe()
  return raw.pendingActivities?.[0]
}

/** @returns the id of the activity that nobody has taken yet. */
async function waitsFor(at: TestStudio, runId: string): Promise<string> {
  await expect.poll(() => pendingCall(at, runId), { timeout: 10_000 }).toBeTruthy()
  return (await pendingCall(at, runId))?.activityId ?? ''
}

test('work goes to the machine that has the model, with the priority and the department of the run', async () => {
  const at = await start({}, { servers: ['s1'], gpu: false })
  at.books.servers.set('defect', 's1')
  const { closed, pages, handle } = await runToEnd(at, oneDefect)
  expect([closed, pages.spent]).toEqual(['COMPLETED', 1])
  const { events } = await handle.fetchHistory()
  const scheduled = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes ?? [])
  expect(
    scheduled.map(({ taskQueue, priority }) => [
      taskQueue?.name,
      priority?.priorityKey,
      priority?.fairnessKey,
    ]),
  ).toEqual([
    ['gpu-s1', 2, 'dept:d1'],
    ['io', 2, 'dept:d1'],
  ])
})

test('a machine that does not come is given up for any other', async () => {
  const at = await start()
  at.books.servers.set('defect', 'gone')
  const { runId, handle } = await at.start(oneDefect, 'pinned')
  const id = await waitsFor(at, 'pinned')
  // As after the fifteen seconds for which it would be waited.
  await at.client.workflowService.updateActivityOptions({
    namespace: at.namespace,
    execution: { workflowId: 'run:pinned' },
    id,
    activityOptions: { scheduleToStartTimeout: { nanos: 1_000_000 } },
    updateMask: { paths: ['schedule_to_start_timeout'] },
  })
  await handle.result()
  expect(at.books.of(runId).spent).toBe(1)
})
