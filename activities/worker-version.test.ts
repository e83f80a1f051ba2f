/** Two builds side by side on a real Temporal server: a run that has begun stays, a new one begins on the promoted build. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestNamespace, type TestNamespace } from '../scripts/testing/test-namespace.ts'
import { workerVersion } from './worker-version.ts'

Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) })

const script = path.join(import.meta.dirname, '..', 'scripts', 'promote-workers.mjs')
let where: TestNamespace
let connection: NativeConnection
let client: Client
const workers: { worker: Worker; running: Promise<void> }[] = []

beforeAll(async () => {
  where = await createTestNamespace()
  connection = await NativeConnection.connect({ address: where.address })
  const clientConnection = await Connection.connect({ address: where.address })
  client = new Client({ connection: clientConnection, namespace: where.namespace })
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: path.join(import.meta.dirname, 'tell-build.fixtures.ts'),
    logger: new DefaultLogger('ERROR'),
  })
  for (const WORKER_BUILD_ID of ['1.0', '1.1', undefined]) {
    const worker = await Worker.create({
      connection,
      namespace: where.namespace,
      taskQueue: 'graph',
      workflowBundle,
      ...workerVersion({ WORKER_DEPLOYMENT: 'studio', WORKER_BUILD_ID }),
    })
    workers.push({ worker, running: worker.run() })
  }
})
afterAll(async () => {
  for (const { worker } of workers) worker.shutdown()
  await Promise.all(workers.map(({ running }) => running))
  await client.connection.close()
  await connection.close()
})

async function promote(...args: string[]): Promise<string> {
  const env = { ...process.env, TEMPORAL_ADDRESS: where.address, TEMPORAL_NAMESPACE: where.namespace }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, '--deployment', 'studio', ...args],
    { env },
  )
  return stdout
}

/** A run that has begun, and waits. */
async function begin() {
  const handle = await client.workflow.start('tellBuild', { taskQueue: 'graph', workflowId: randomUUID() })
  const build = await handle.executeUpdate<string | undefined, []>('build')
  const end = async (): Promise<unknown> => {
    await handle.signal('goOn')
    return handle.result()
  }
  return { build, end }
}

test('runs stay on the build that they began on, and new ones begin on the promoted build', async () => {
  expect(await promote('1.0')).toContain('1.0  new runs begin here')
  const old = await begin()
  expect(old.build).toBe('1.0')
  expect(await promote('1.1')).toContain('1.1  new runs begin here')
  const young = await begin()
  expect(young.build).toBe('1.1')
  expect(await old.end()).toEqual(['1.0', '1.0'])
  expect(await young.end()).toEqual(['1.1', '1.1'])
  expect(await promote('--unversioned')).toContain('without a build id')
  expect((await begin()).build).toBe('none')
})

test('without a build id there is a single version, as before', () => {
  expect(workerVersion({ WORKER_DEPLOYMENT: 'studio' })).toEqual({})
})
