/** Which models a run may name, and the digests by which their results are told apart. */
import type { Database } from '@defect-studio/prisma'
import { z } from 'zod'
import { serverGoneMs } from '../servers.ts'

/** What every studio has: known also while the worker that has it is only starting. */
export const shippedModelIds = [
  'starter',
  'starter-matting',
  'starter-image-text',
  'starter-upscale',
] as const

/** By id; the digest is null where no server has said it, and all of them where servers have different ones. */
export type KnownModels = ReadonlyMap<string, { digest: string | null }>

const Registered = z.array(z.object({ id: z.string(), digest: z.string().nullish() }))

/** Null while no server has registered, because then nobody knows. */
export async function readKnownModels(db: Database): Promise<KnownModels | null> {
  const servers = await db.$queryRaw<{ models: unknown }[]>`
    SELECT "models" FROM "GpuServer" JOIN "WorkerToken" ON "WorkerToken"."id" = "workerTokenId"
    WHERE "revokedAt" IS NULL AND "lastSeenAt" > ${new Date(Date.now() - serverGoneMs)}
    ORDER BY "GpuServer"."id"`
  if (servers.length === 0) return null
  const digests = new Map<string, Set<string>>(shippedModelIds.map((id) => [id, new Set()]))
  for (const { models } of servers)
    for (const { id, digest } of Registered.parse(models)) {
      const said = digests.get(id) ?? new Set()
      digests.set(id, digest ? said.add(digest) : said)
    }
  return new Map([...digests].map(([id, said]) => [id, { digest: [...said].sort().join('+') || null }]))
}
