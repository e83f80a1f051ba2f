/** Asks every component that a run needs, at once and not for long. */
import { readFile } from 'node:fs/promises'
import { serverGoneMs } from '@defect-studio/stores'
import { gpuTaskQueue, graphTaskQueue, ioTaskQueue } from '@defect-studio/workflows/run-messages'
import type { z } from 'zod'
import { type Health, type HealthComponent, SupervisorFile } from '../shapes/health.ts'
import type { StudioWorld } from '../studio.ts'
import { checkPollers } from './check-pollers.ts'

/** Whoever waits for the studio to come up asks again anyway. */
const patienceMs = 3_000

type HealthReport = z.infer<typeof Health>

export async function readHealth(world: StudioWorld): Promise<HealthReport> {
  const { db, artifacts, temporal, config } = world
  const components = await Promise.all([
    check('database', 'PostgreSQL does not answer.', () => db.$queryRaw`SELECT 1`),
    check('temporal', 'The Temporal server does not answer.', () =>
      temporal.workflowService.describeNamespace({ namespace: config.temporalNamespace }),
    ),
    check(
      'preparation',
      'The start is not finished: the owner and the worker of this machine are not in yet.',
      async () => {
        if (!world.isPrepared()) throw new Error('not yet')
      },
    ),
    check('artifacts', 'The artifact store cannot be read.', () => artifacts.has('0'.repeat(64))),
    check('graph worker', 'No workflow worker is connected: npm run worker', () =>
      checkPollers(temporal, config.temporalNamespace, graphTaskQueue, 'workflow'),
    ),
    check('io worker', 'No activity worker is connected: npm run worker', () =>
      checkPollers(temporal, config.temporalNamespace, ioTaskQueue, 'activity'),
    ),
    check('gpu worker', 'No inference worker is connected: npm run gpu-worker', async () => {
      // One whose device works asks for nothing until it is done; its beats go on.
      if (await isServerOnline(db)) return
      await checkPollers(temporal, config.temporalNamespace, gpuTaskQueue, 'activity')
    }),
  ])
  const supervised = config.componentsFile === null ? null : await readSupervisor(config.componentsFile)
  return {
    status: components.every((component) => component.state === 'up') ? 'ready' : 'not-ready',
    components,
    ...(supervised ? { supervised } : {}),
  }
}

async function isServerOnline(db: StudioWorld['db']): Promise<boolean> {
  const seen = { gt: new Date(Date.now() - serverGoneMs) }
  return (await db.gpuServer.count({ where: { lastSeenAt: seen, workerToken: { revokedAt: null } } })) > 0
}

/** Details are for strangers too: a sentence of ours, never the error's own words. */
async function check(name: string, whenDown: string, ask: () => Promise<unknown>): Promise<HealthComponent> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), patienceMs)
  })
  try {
    await Promise.race([ask(), late])
    return { name, state: 'up', detail: '' }
  } catch {
    return { name, state: 'down', detail: whenDown }
  } finally {
    clearTimeout(timer)
  }
}

/** Null when the supervisor has not written yet, or is writing now. */
async function readSupervisor(file: string) {
  try {
    return SupervisorFile.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}
