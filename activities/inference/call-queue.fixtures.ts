/** A workflow for tests: one activity on a queue that is named to it. */
import type { CallActivities } from '@defect-studio/nodes'
import { ActivityCancellationType, executeChild, proxyActivities } from '@temporalio/workflow'

export function callQueue(
  taskQueue: string,
  itemName: string,
  activity: 'runCalls' | 'train',
): Promise<unknown> {
  const proxies = proxyActivities<CallActivities & { train(): Promise<string> }>({
    taskQueue,
    startToCloseTimeout: '1 minute',
    heartbeatTimeout: activity === 'train' ? undefined : '10 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 30 },
  } as Parameters<typeof proxyActivities>[0])
  if (activity === 'train') return proxies.train()
  const task = { runId: 'r', nodeId: 'n', itemIndex: 0, itemName }
  return proxies.runCalls({ calls: [{ name: 'upscale', input: {}, task }] })
}

/** The same, a workflow further away. */
export function callThroughChild(...args: Parameters<typeof callQueue>): Promise<unknown> {
  return executeChild(callQueue, { args })
}
