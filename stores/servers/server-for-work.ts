/** Which GPU server a piece of work should go to: the member's own choice, or one that has the model in its memory. */
import type { PrismaClient } from '@defect-studio/prisma'
import { z } from 'zod'

/** After this long without a beat a server counts as away. Servers beat every five seconds. */
export const serverGoneMs = 30_000
/** What servers say of themselves changes with their beats; asked for every item it would only cost time. */
const rememberedMs = 2_000

const Loaded = z.array(z.object({ id: z.string(), inUse: z.int().min(0).catch(0) })).catch([])
const Installed = z.array(z.object({ id: z.string() })).catch([])

interface ReadyServer {
  id: string
  installed: ReadonlySet<string>
  loaded: z.infer<typeof Loaded>
}

type Servers = Pick<PrismaClient, 'gpuServer' | 'member'>

interface Memory {
  servers: { at: number; value: Promise<ReadyServer[]> } | null
  /** By member. */
  choices: Map<string, { at: number; value: Promise<string | null> }>
}

/** By database, because tests have many. */
const memories = new WeakMap<object, Memory>()
/** Members whose choice is remembered at once. */
const mostChoices = 1_000

/**
 * The server that work of this member with this model should go to. A server that is away or drains is none. The one
 * that the member chose comes first, if it has the model; else one where the model is loaded, of several the one where
 * it is least in use, by chance among equals.
 * @param work `model` null: the work needs none.
 * @param now milliseconds since 1970.
 * @returns null where any server will do, or when only one takes work: then there is nothing to choose.
 */
export async function serverForWork(
  db: Servers,
  work: { memberId: string; model: string | null },
  now = Date.now(),
): Promise<string | null> {
  const memory = memoryOf(db)
  const servers = await readyServers(db, memory, now)
  if (servers.length < 2) return null
  const { model } = work
  const chosen = await choiceOf(db, memory, work.memberId, now)
  const own = servers.find(({ id }) => id === chosen)
  if (own && (model === null || own.installed.has(model))) return own.id
  return model === null ? null : leastUsed(servers, model)
}

function leastUsed(servers: readonly ReadyServer[], modelId: string): string | null {
  const candidates = servers.flatMap(({ id, loaded }) => {
    const model = loaded.find((one) => one.id === modelId)
    return model ? [{ id, inUse: model.inUse }] : []
  })
  const least = Math.min(...candidates.map(({ inUse }) => inUse))
  const best = candidates.filter(({ inUse }) => inUse === least)
  return best[Math.floor(Math.random() * best.length)]?.id ?? null
}

function memoryOf(db: Servers): Memory {
  const known = memories.get(db)
  if (known) return known
  const memory: Memory = { servers: null, choices: new Map() }
  memories.set(db, memory)
  return memory
}

const isFresh = (at: number, now: number): boolean => Math.abs(now - at) < rememberedMs

function readyServers(db: Servers, memory: Memory, now: number): Promise<ReadyServer[]> {
  if (memory.servers && isFresh(memory.servers.at, now)) return memory.servers.value
  const value = db.gpuServer
    .findMany({
      where: {
        lastSeenAt: { gt: new Date(now - serverGoneMs) },
        drainingAt: null,
        workerToken: { revokedAt: null },
      },
      select: { id: true, loaded: true, models: true },
      orderBy: { id: 'asc' },
    })
    .then((rows) =>
      rows.map(({ id, loaded, models }) => ({
        id,
        loaded: Loaded.parse(loaded),
        installed: new Set(Installed.parse(models).map((model) => model.id)),
      })),
    )
  memory.servers = { at: now, value }
  value.catch(() => (memory.servers = null))
  return value
}

function choiceOf(db: Servers, { choices }: Memory, memberId: string, now: number): Promise<string | null> {
  const known = choices.get(memberId)
  if (known && isFresh(known.at, now)) return known.value
  const value = db.member
    .findUnique({ where: { id: memberId }, select: { defaultServerId: true } })
    .then((member) => member?.defaultServerId ?? null)
  choices.delete(memberId)
  choices.set(memberId, { at: now, value })
  value.catch(() => choices.delete(memberId))
  for (const oldest of choices.keys()) {
    if (choices.size <= mostChoices) break
    choices.delete(oldest)
  }
  return value
}
