/** A studio for tests: the real workflow on the real Temporal server, with stub activities on the real queues. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Activities, Bookkeeping, HouseActivities, ImageRef, Plan, WithTask } from '@defect-studio/nodes'
import type { Graph } from '@defect-studio/nodes'
import { Client, Connection, type WorkflowHandle } from '@temporalio/client'
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createTestNamespace, type TestNamespace } from '../scripts/testing/test-namespace.ts'
import { createMemoryBooks, type MemoryBooks } from './books.fixtures.ts'
import { planOf } from './plan.fixtures.ts'
import {
  gpuTaskQueue,
  graphTaskQueue,
  ioTaskQueue,
  runGraphWorkflow,
  runWorkflowId,
  serverTaskQueue,
} from './run-messages.ts'
import { runCallsWith } from './run-calls.fixtures.ts'

Runtime.install({ logger: new DefaultLogger('ERROR') })

/** Bundling takes a second; one bundle serves every test of a file. */
const bundles = new Map<string, ReturnType<typeof bundleWorkflowCode>>()

/** @param entry a file of this room that exports workflows. */
export function bundleWorkflows(entry = 'index.ts'): ReturnType<typeof bundleWorkflowCode> {
  const made =
    bundles.get(entry) ??
    bundleWorkflowCode({
      workflowsPath: path.join(import.meta.dirname, entry),
      preloadModules: [path.join(import.meta.dirname, 'short-stacks.ts')],
      logger: new DefaultLogger('ERROR'),
    })
  bundles.set(entry, made)
  return made
}

export type StubActivities = WithTask<Activities>

/** A picture whose key tells what was done to what: three letters of the deed, then the key it was done to. */
export function picture(deed: string, from = ''): ImageRef {
  const hex = Buffer.from(deed.slice(0, 3)).toString('hex')
  return {
    key: (hex + from).padEnd(64, '0').slice(0, 64),
    mediaType: 'image/png',
    bytes: 1,
    width: 8,
    height: 8,
  }
}

/** Activities that do nothing, at once. */
export const stubActivities: StubActivities = {
  importPicture: async ({ name }) => ({ image: picture('imp', Buffer.from(name).toString('hex')) }),
  mergeCollections: async ({ collections: [first] }) => ({ collection: first ?? noList }),
  combineCollections: async () => ({ collections: {} }),
  limitCollection: async ({ collection }) => ({ collection }),
  openReview: async () => ({ reviewId: 'review' }),
  readReview: async () => null,
  remindReviewers: async () => {},
  notify: async () => {},
  callWebhook: async () => ({ status: 200 }),
  saveToGallery: async ({ image }) => ({ imageId: '1', image }),
  makeMask: async ({ width, height }) => ({ mask: { ...picture('mask'), width, height } }),
  drawDefect: async ({ image }) => ({ image: picture('draw', image.key), mask: picture('mask', image.key) }),
  cleanUp: async ({ image }) => ({ image: picture('clean', image.key) }),
  removeBackground: async ({ image }) => ({
    image: picture('cut', image.key),
    mask: picture('mask', image.key),
  }),
  suggestPrompts: async ({ caption }) => ({
    prompt: `${caption}, rust`,
    ranked: [{ category: 'defect', phrase: 'rust', score: 0.3 }],
  }),
  upscale: async ({ image }) => ({ image: picture('upscale', image.key) }),
  textToImage: async ({ count, seed }) => generated('text', count, seed),
  imageToImage: async ({ count, seed, image }) => generated('img', count, seed, image.key),
  inpaint: async ({ count, seed, image }) => generated('inp', count, seed, image.key),
}

const noList = { key: '0'.repeat(64), mediaType: 'application/json', bytes: 1, count: 1 }

function generated(deed: string, count: number, seed: number, from?: string) {
  const images = Array.from({ length: count }, (_, index) => ({
    image: picture(deed, from),
    seed: seed + index,
  }))
  return { images, notes: [] }
}

export interface TestStudio extends TestNamespace {
  books: MemoryBooks
  client: Client
  connection: NativeConnection
  /** Starts a run of the graph; its plan goes into the books in memory first. */
  start(graph: Graph | Plan, runId?: string): Promise<{ runId: string; handle: WorkflowHandle }>
  close(): Promise<void>
}

export interface StudioOptions {
  /** False leaves the `gpu` queue without a worker. */
  gpu?: boolean
  /** Machines that serve a queue of their own. */
  servers?: string[]
  /** False replays the whole history at every task. */
  cached?: boolean
  /** What the studio does for itself; without it nothing. */
  house?: Partial<HouseActivities>
  /** What some of the books do instead. */
  books?: (books: MemoryBooks) => Partial<Bookkeeping>
}

/** @param stubs what some activities do instead. */
export async function startTestStudio(
  stubs: Partial<StubActivities> = {},
  { gpu = true, cached = true, servers = [], house, books: change }: StudioOptions = {},
): Promise<TestStudio> {
  const where = await createTestNamespace()
  const connection = await NativeConnection.connect({ address: where.address })
  const clientConnection = await Connection.connect({ address: where.address })
  const client = new Client({ connection: clientConnection, namespace: where.namespace })
  const books = createMemoryBooks()
  const activities = { runCalls: runCallsWith({ ...stubActivities, ...stubs }) }
  const common = { connection, namespace: where.namespace, maxHeartbeatThrottleInterval: '100ms' } as const
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: graphTaskQueue,
      workflowBundle: await bundleWorkflows(),
      activities: { ...books.bookkeeping, ...change?.(books) },
      enableNonLocalActivities: false,
      ...(cached ? {} : { maxCachedWorkflows: 0 }),
    }),
    Worker.create({ ...common, taskQueue: ioTaskQueue, activities: { ...activities, ...house } }),
    ...[...(gpu ? [gpuTaskQueue] : []), ...servers.map(serverTaskQueue)].map((taskQueue) =>
      Worker.create({ ...common, taskQueue, activities }),
    ),
  ])
  const running = workers.map((worker) => worker.run())
  return {
    ...where,
    books,
    client,
    connection,
    async start(graph, runId = randomUUID()) {
      books.plans.set(runId, 'planVersion' in graph ? graph : planOf(books, graph))
      const handle = await client.workflow.start(runGraphWorkflow, {
        taskQueue: graphTaskQueue,
        workflowId: runWorkflowId(runId),
        args: [{ runId }],
      })
      return { runId, handle }
    },
    async close() {
      for (const worker of workers) worker.shutdown()
      await Promise.all(running)
      await clientConnection.close()
      await connection.close()
    },
  }
}

/** A promise to be resolved from outside: what a test and an activity wait for instead of sleeping. */
export function createGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}
