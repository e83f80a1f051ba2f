/** Gives tests the test run's real Temporal server. It is shared: use task queues and workflow ids of your own. */
import { randomBytes } from 'node:crypto'
import { testService } from './test-service.ts'

/** @returns `host:port` of a Temporal server with the same flags as `npm start`; the namespace is `default`. */
export function testTemporalAddress(): Promise<string> {
  return testService('temporal')
}

/** A name that no other test uses, for task queues and workflow ids: `prefix-3f9c…`. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`
}
