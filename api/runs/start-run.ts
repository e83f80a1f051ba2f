/** Writes a run down and has it started at once, in the background: the answer does not wait for Temporal. */
import { createRun, hashRequest, type RunOrder } from '@defect-studio/stores'
import type { Run } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import type { Studio } from '../studio.ts'
import { runWorld } from './run-world.ts'

/** @param request what the key stands for; the same again is answered with the same run. */
export async function startRunOf(
  studio: Studio,
  caller: Caller,
  order: RunOrder,
  idempotency: { key: string; request: unknown } | null,
): Promise<{ run: Run; isNew: boolean }> {
  const key = idempotency && { key: idempotency.key, requestHash: hashRequest(idempotency.request) }
  const created = await createRun(runWorld(studio), caller, order, key)
  if (created.isNew) studio.dispatcher.start(created.run)
  return created
}
