/** Which models a run may name, and the digests by which their results are told apart. */
import type { Database } from '@defect-studio/prisma'
import { z } from 'zod'
import { isReadableModel } from '../access/readable-models.ts'
import type { Reader } from '../artifacts/register-artifact.ts'
import { serverGoneMs } from '../servers/server-for-work.ts'

/** What every studio has: known also while the worker that has it is only starting. */
export const shippedModelIds = [
  'starter',
  'starter-matting',
  'starter-image-text',
  'starter-upscale',
] as const

/** By id; the digest is null where no server has said it, and all of them where servers have different ones. */
export type KnownModels = ReadonlyMap<string, { digest: string | null }>

export interface ModelsForRun {
  /** What the reader may use and a server has; null while no server has registered, because then nobody knows. */
  known: KnownModels | null
  /** Models that there are and that are not the reader's to use. */
  foreign: ReadonlySet<string>
}

const Registered = z.array(z.object({ id: z.string(), digest: z.string().nullish() }))

export async function readModelsForRun(db: Database, reader: Reader): Promise<ModelsForRun> {
  const [servers, records] = await Promise.all([
    db.$queryRaw<{ models: unknown }[]>`
      SELECT "models" FROM "GpuServer" JOIN "WorkerToken" ON "WorkerToken"."id" = "workerTokenId"
      WHERE "revokedAt" IS NULL AND "lastSeenAt" > ${new Date(Date.now() - serverGoneMs)}
      ORDER BY "GpuServer"."id"`,
    db.model.findMany({
      select: { id: true, ownerId: true, departmentId: true, visibility: true, deletedAt: true },
    }),
  ])
  const foreign = new Set(records.filter((row) => !isReadableModel(reader, row)).map(({ id }) => id))
  if (servers.length === 0) return { known: null, foreign }
  const digests = new Map<string, Set<string>>(shippedModelIds.map((id) => [id, new Set()]))
  for (const { models } of servers)
    for (const { id, digest } of Registered.parse(models)) {
      if (foreign.has(id)) continue
      const said = digests.get(id) ?? new Set()
      digests.set(id, digest ? said.add(digest) : said)
    }
  const known = new Map(
    [...digests].map(([id, said]) => [id, { digest: [...said].sort().join('+') || null }]),
  )
  return { known, foreign }
}
