/** Which GPU server has a model in its memory, so that work for it need not wait for loading. */
import type { PrismaClient } from '@defect-studio/prisma'
import { z } from 'zod'

/** Servers beat every ten seconds; after this long without a beat one counts as gone. */
export const serverGoneMs = 30_000
/** What servers say of themselves changes with their beats; asked for every item it would only cost time. */
const rememberedMs = 2_000

const Loaded = z.array(z.object({ id: z.string(), inUse: z.int().min(0).catch(0) })).catch([])

type OnlineServer = { id: string; loaded: z.infer<typeof Loaded> }

/** By database, because tests have many. */
const remembered = new WeakMap<object, { at: number; servers: Promise<OnlineServer[]> }>()

/**
 * The server that work with this model should go to: online, and the model is loaded there. Of several the one where the
 * model is least in use, by chance among equals.
 * @param now milliseconds since 1970.
 * @returns null when no server has it, or when only one is online: then there is nothing to choose.
 */
export async function serverWithModel(
  db: Pick<PrismaClient, 'gpuServer'>,
  modelId: string,
  now = Date.now(),
): Promise<string | null> {
  const servers = await onlineServers(db, now)
  if (servers.length < 2) return null
  const candidates = servers.flatMap(({ id, loaded }) => {
    const model = loaded.find((one) => one.id === modelId)
    return model ? [{ id, inUse: model.inUse }] : []
  })
  const least = Math.min(...candidates.map(({ inUse }) => inUse))
  const best = candidates.filter(({ inUse }) => inUse === least)
  return best[Math.floor(Math.random() * best.length)]?.id ?? null
}

function onlineServers(db: Pick<PrismaClient, 'gpuServer'>, now: number): Promise<OnlineServer[]> {
  const known = remembered.get(db)
  if (known && Math.abs(now - known.at) < rememberedMs) return known.servers
  const servers = db.gpuServer
    .findMany({
      where: { lastSeenAt: { gt: new Date(now - serverGoneMs) }, workerToken: { revokedAt: null } },
      select: { id: true, loaded: true },
      orderBy: { id: 'asc' },
    })
    .then((rows) => rows.map(({ id, loaded }) => ({ id, loaded: Loaded.parse(loaded) })))
  remembered.set(db, { at: now, servers })
  servers.catch(() => remembered.delete(db))
  return servers
}
