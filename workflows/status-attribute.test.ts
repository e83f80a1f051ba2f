/** The status of a run can be searched on Temporal's pages where the server knows the attribute. */
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common'
import { expect, test } from 'vitest'
import { oneDefect } from './graphs.fixtures.ts'
import { planOf } from './plan.fixtures.ts'
import { graphTaskQueue, runGraphWorkflow, runWorkflowId, searchAttributes } from './run-messages.ts'
import { useStudio } from './run-to-end.fixtures.ts'

const start = useStudio()
const keyword = (name: string) => defineSearchAttributeKey(name, 'KEYWORD')

test('a run that was started with attributes keeps its status among them', async () => {
  const at = await start()
  await at.client.connection.operatorService.addSearchAttributes({
    namespace: at.namespace,
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map((name) => [name, 2])),
  })
  at.books.plans.set('r', planOf(at.books, oneDefect))
  const begin = () =>
    at.client.workflow.start(runGraphWorkflow, {
      taskQueue: graphTaskQueue,
      workflowId: runWorkflowId('r'),
      args: [{ runId: 'r' }],
      typedSearchAttributes: new TypedSearchAttributes([
        { key: keyword(searchAttributes.department), value: 'd1' },
        { key: keyword(searchAttributes.status), value: 'queued' },
      ]),
    })
  // The server tells itself of new attributes a moment after it has taken them.
  await expect.poll(begin, { timeout: 10_000 }).toBeTruthy()
  const handle = at.client.workflow.getHandle(runWorkflowId('r'))
  await handle.result()
  const { typedSearchAttributes } = await handle.describe()
  expect(typedSearchAttributes.get(keyword(searchAttributes.status))).toBe('succeeded')
  const { events } = await handle.fetchHistory()
  const upserts = (events ?? []).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes)
  expect(upserts).toHaveLength(2)
})
