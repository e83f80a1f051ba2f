/** A time of a schedule walks its run as a child and lasts as long, so that the server sees which runs overlap. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { oneDefect } from './graphs.fixtures.ts'
import { planOf } from './plan.fixtures.ts'
import { graphTaskQueue, runScheduleWorkflow, runWorkflowId } from './run-messages.ts'
import { useStudio } from './run-to-end.fixtures.ts'
import { createGate, stubActivities, type TestStudio } from './studio.fixtures.ts'

const start = useStudio()

const oneTime = (at: TestStudio, scheduleId: string) =>
  at.client.workflow.start(runScheduleWorkflow, {
    taskQueue: graphTaskQueue,
    workflowId: `schedule:${scheduleId}`,
    args: [{ scheduleId }],
  })

test('the run of a time is walked once, and the time ends with it', async () => {
  const runId = randomUUID()
  const asked: { scheduleId: string; scheduledFor: string }[] = []
  const at = await start({}, { house: { openScheduledRun: async (time) => (asked.push(time), { runId }) } })
  at.books.plans.set(runId, planOf(at.books, oneDefect))
  const time = await oneTime(at, 'nights')
  await time.result()
  expect(asked).toHaveLength(1)
  expect(asked[0]?.scheduleId).toBe('nights')
  expect(Number.isNaN(Date.parse(asked[0]?.scheduledFor ?? ''))).toBe(false)
  expect(at.books.of(runId).end).toEqual({ status: 'succeeded' })
})

test('a schedule that has stopped itself begins nothing', async () => {
  const at = await start({}, { house: { openScheduledRun: async () => null } })
  await expect((await oneTime(at, 'stopped')).result()).resolves.toBeUndefined()
})

test('a run that fails does not fail the schedule', async () => {
  const runId = randomUUID()
  const at = await start({}, { house: { openScheduledRun: async () => ({ runId }) } })
  const plan = planOf(at.books, oneDefect)
  const [first, ...rest] = plan.nodes
  if (!first) throw new Error('The plan has no nodes.')
  at.books.plans.set(runId, { ...plan, nodes: [{ ...first, type: 'gone' }, ...rest] })
  await (await oneTime(at, 'nights')).result()
  expect(at.books.of(runId).end).toMatchObject({ status: 'failed' })
})

test('cancelling a time, as the policy cancel_other does, cancels its run', async () => {
  const runId = randomUUID()
  const begun = createGate()
  const at = await start(
    {
      async drawDefect(input, task) {
        begun.open()
        await new Promise((resolve) => setTimeout(resolve, 50))
        return stubActivities.drawDefect(input, task)
      },
    },
    { house: { openScheduledRun: async () => ({ runId }) } },
  )
  at.books.plans.set(runId, planOf(at.books, oneDefect))
  const time = await oneTime(at, 'nights')
  await begun.opened
  await time.cancel()
  await expect(time.result()).rejects.toThrow()
  const { status } = await at.client.workflow.getHandle(runWorkflowId(runId)).describe()
  expect(status.name).toBe('CANCELLED')
  expect(at.books.of(runId).end).toEqual({ status: 'cancelled' })
})
