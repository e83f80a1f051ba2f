/** What has to be true once the API is up: the local worker admitted, the owner of the environment made, first tokens given. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ApiEnv } from '../env.ts'
import type { StudioWorld } from '../studio.ts'
import { createOwner, giveFirstTokens, NewOwner } from './create-owner.ts'
import { admitLocalWorker } from './local-worker.ts'

type OwnerEnv = Pick<ApiEnv, 'OWNER_LOGIN_ID' | 'OWNER_PASSWORD' | 'OWNER_EMAIL' | 'LOCAL_WORKER_TOKEN'>
type World = Pick<StudioWorld, 'db' | 'ledger' | 'log'>

const retryMs = 1_000

/** Tries until the database has let it, or `signal` aborts: PostgreSQL may come up after the API. */
export async function takeFirstSteps(world: World, env: OwnerEnv, signal: AbortSignal): Promise<void> {
  const owner = readOwner(env)
  for (;;) {
    try {
      if (env.LOCAL_WORKER_TOKEN) await admitLocalWorker(world.db, env.LOCAL_WORKER_TOKEN)
      if (owner) await createOwner(world, owner)
      await giveFirstTokens(world)
      return
    } catch (error) {
      if (signal.aborted) return
      world.log.warn({ err: error }, 'the first steps wait for the database')
      await wait(retryMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** Null when the environment names no owner; throws when what it names cannot become one. */
export function readOwner(env: OwnerEnv): NewOwner | null {
  if (!env.OWNER_LOGIN_ID) return null
  const owner = NewOwner.safeParse({
    loginId: env.OWNER_LOGIN_ID,
    password: env.OWNER_PASSWORD,
    email: env.OWNER_EMAIL,
    name: env.OWNER_LOGIN_ID,
  })
  if (owner.success) return owner.data
  const reasons = owner.error.issues.map((issue) => `OWNER ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(
    `OWNER_LOGIN_ID, OWNER_PASSWORD and OWNER_EMAIL do not make an owner.\n${reasons.join('\n')}`,
  )
}
