/** Proxies of what the studio does for itself. */
import type { HouseActivities } from '@defect-studio/nodes'
import { proxyActivities } from '@temporalio/workflow'
import { ioTaskQueue } from './run-messages.ts'

export const house = proxyActivities<HouseActivities>({
  taskQueue: ioTaskQueue,
  // A sweep of a store with a hundred thousand artifacts takes minutes.
  startToCloseTimeout: '30 minutes',
  // Whatever was away is back within the hour, or the next time comes.
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 60 },
})
