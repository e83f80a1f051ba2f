/** Proves that the shared servers are real: two databases are apart, and the Temporal server answers. */
import { Connection } from '@temporalio/client'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createEmptyTestDatabase } from './test-database.ts'
import { testTemporalAddress, uniqueName } from './test-temporal.ts'

test('each test database is its own', async () => {
  const [first, second] = await Promise.all([createEmptyTestDatabase(), createEmptyTestDatabase()])
  await run(first, 'CREATE TABLE mark (id int)')
  await expect(run(second, 'SELECT * FROM mark')).rejects.toThrow('does not exist')
})

test('the Temporal server answers on its address', async () => {
  const connection = await Connection.connect({ address: await testTemporalAddress() })
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' })
  expect(namespaceInfo?.name).toBe('default')
  await connection.close()
})

test('unique names never repeat', () => {
  expect(uniqueName('queue')).not.toBe(uniqueName('queue'))
})

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
