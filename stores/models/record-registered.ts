/** Keeps a record for every model that a worker says it has. */
import type { Database, Model, Prisma, Transaction } from '@defect-studio/prisma'

/** What a worker says of one of its models. */
export interface RegisteredFacts {
  id: string
  title: string
  kind: string
  channels: number | null
  note: string | null
  licence: string | null
  bytes: number | null
  digest: string | null
}

/** A worker that had looked just before its files were deleted says once more that it has the model. */
const echoMs = 10_000

/**
 * New ones belong to the studio and are for everyone. Of known ones the facts of the files are renewed; title, owner
 * and visibility stay. A deleted one that is there after all is as it was when its files are the same, and a new model
 * otherwise.
 */
export async function recordRegistered(
  db: Database | Transaction,
  models: readonly RegisteredFacts[],
  now = Date.now(),
): Promise<void> {
  const said = new Map(models.map((model) => [model.id, model]))
  await db.model.createMany({
    data: [...said.values()].map((model) => ({ id: model.id, title: model.title, ...factsOf(model) })),
    skipDuplicates: true,
  })
  for (const row of await db.model.findMany({ where: { id: { in: [...said.keys()] } } })) {
    const model = said.get(row.id)
    if (!model) continue
    const { deletedAt } = row
    if (deletedAt && now - deletedAt.getTime() < echoMs) continue
    const facts = factsOf(model)
    const isAnother = deletedAt !== null && row.digest !== facts.digest
    const data: Prisma.ModelUncheckedUpdateInput = {
      ...facts,
      licence: row.licence ?? facts.licence,
      ...(isAnother ? { ...anew, title: model.title, licence: facts.licence } : {}),
      deletedAt: null,
    }
    if (differs(row, data)) await db.model.update({ where: { id: row.id }, data })
  }
}

/** Another model under the name of one that was deleted: nothing of what was said of that one holds. */
const anew: Prisma.ModelUncheckedUpdateInput = {
  base: null,
  concepts: [],
  trainingRunId: null,
  sampleKeys: [],
  ownerId: null,
  departmentId: null,
  visibility: 'everyone',
}

function factsOf({ kind, licence, digest, bytes, channels, note }: RegisteredFacts) {
  return { kind, licence, digest, bytes: BigInt(bytes ?? 0), channels, note }
}

/** Registrations are many and changes are few. */
function differs(row: Model, data: object): boolean {
  const known = new Map<string, unknown>(Object.entries(row))
  return Object.entries(data).some(([key, value]) => !Object.is(known.get(key), value))
}
