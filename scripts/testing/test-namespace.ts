/** Gives a test file a Temporal namespace of its own, so that its workers may use the studio's real queue names. */
import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time'
import { testTemporalAddress, uniqueName } from './test-temporal.ts'

export interface TestNamespace {
  /** `host:port` of the server. */
  address: string
  namespace: string
}

export async function createTestNamespace(): Promise<TestNamespace> {
  const address = await testTemporalAddress()
  const namespace = uniqueName('test')
  const connection = await Connection.connect({ address })
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      // One day is the least that the server takes.
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    })
  } finally {
    await connection.close()
  }
  return { address, namespace }
}
