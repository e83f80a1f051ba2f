/** Which build of the workflow code a worker runs, when builds are told apart by configuration. */
import type { WorkerOptions } from '@temporalio/worker'
import { z } from 'zod'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'has letters, digits, - and _, at most 64 of them')

export const versionEnvironment = {
  WORKER_DEPLOYMENT: name.default('defect-studio'),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'has letters, digits, . - and _, at most 128 of them')
    .optional(),
}

/**
 * With a build id a run ends on the build that it began on, unless its workflow says of itself that it may move; new
 * runs begin on the build that `scripts/promote-workers.mjs` has named. Without one there is a single version.
 */
export function workerVersion(env: {
  WORKER_DEPLOYMENT: string
  WORKER_BUILD_ID?: string | undefined
}): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (env.WORKER_BUILD_ID === undefined) return {}
  return {
    workerDeploymentOptions: {
      version: { deploymentName: env.WORKER_DEPLOYMENT, buildId: env.WORKER_BUILD_ID },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  }
}
