/** Today's workflow code replays the histories of runs that older code started: a deployment breaks none of them. */
import fs from 'node:fs'
import { Worker } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { beforeAll, expect, test } from 'vitest'
import { historiesFolder, readHistory, recordHistories } from './record-histories.ts'
import { historyNames } from './scenarios.fixtures.ts'
import { bundleWorkflows } from './studio.fixtures.ts'

beforeAll(async () => {
  if (process.env['RECORD_HISTORIES']) await recordHistories()
})

test.each(historyNames)('replays the run "%s"', async (name) => {
  await Worker.runReplayHistory({ workflowBundle: await bundleWorkflows() }, readHistory(name))
})

test.each([
  ['review', 'timerStartedEventAttributes'],
  ['review', 'workflowExecutionSignaledEventAttributes'],
  ['waiting', 'timerFiredEventAttributes'],
  ['paused', 'workflowExecutionSignaledEventAttributes'],
  ['cancelled', 'workflowExecutionCanceledEventAttributes'],
  ['batch', 'childWorkflowExecutionCompletedEventAttributes'],
  ['batch-continued', 'workflowExecutionContinuedAsNewEventAttributes'],
] as const)('the history "%s" holds what it is kept for: %s', (name, attributes) => {
  expect(readHistory(name).events?.some((event) => event[attributes])).toBe(true)
})

test('every kept history is replayed', () => {
  const files = fs.readdirSync(historiesFolder).filter((file) => file.endsWith('.json'))
  expect(files.sort()).toEqual(historyNames.map((name) => `${name}.json`).sort())
})

test('notices when the steps of the workflow are in another order', async () => {
  const replay = Worker.runReplayHistory(
    { workflowBundle: await bundleWorkflows('mutated.fixtures.ts') },
    readHistory('happy'),
  )
  await expect(replay).rejects.toBeInstanceOf(DeterminismViolationError)
})
