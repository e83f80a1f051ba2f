/** What a GPU host is told by its environment: where Temporal and the API are, and what it may use. No database. */
import os from 'node:os'
import {
  readEnvironment,
  sdkMetricsEnvironment,
  telemetryEnvironment,
  temporalEnvironment,
} from '@defect-studio/activities/inference'
import { z } from 'zod'
import { modelsFolder } from './models/models-folder.ts'

const Environment = z.object({
  ...temporalEnvironment,
  ...telemetryEnvironment,
  ...sdkMetricsEnvironment,
  API_URL: z.url(),
  WORKER_TOKEN: z.string().min(20),
  INFERENCE_PROVIDER: z.enum(['cpu', 'cuda']).default('cpu'),
  CUDA_DEVICE_ID: z.coerce.number().int().min(0).default(0),
  CUDA_MEMORY_LIMIT_MB: z.coerce.number().int().min(256).optional(),
  WARM_UP_MODEL: z.string().min(1).optional(),
  SERVER_ID: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'has letters, digits, . - and _, at most 64 of them')
    .optional(),
  SERVER_NAME: z.string().max(100).optional(),
})

export function readEnv(env: NodeJS.ProcessEnv) {
  const given = readEnvironment(Environment, env)
  const serverId = given.SERVER_ID ?? idFromHostname(os.hostname())
  const modelsDir = modelsFolder(env)
  return { ...given, MODELS_DIR: modelsDir, SERVER_ID: serverId, SERVER_NAME: given.SERVER_NAME ?? serverId }
}
export type GpuWorkerEnv = ReturnType<typeof readEnv>

/** A machine may be called anything; an id is part of a queue's name. */
function idFromHostname(name: string): string {
  const id = name.replace(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return id.slice(0, 64) || 'server'
}
