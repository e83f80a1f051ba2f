/** Writes down a model that the studio made or was given, with whose it is. */
import type { ModelKind } from '@defect-studio/nodes'
import type { Database, Model, Prisma, Transaction, Visibility } from '@defect-studio/prisma'

/** What a model was taught: a name, and the words that call it up. */
export interface ModelConcept {
  name: string
  prompt: string
}

export interface ModelRecord {
  /** By which graphs name it, and its folder on the servers. */
  id: string
  title: string
  kind: ModelKind
  /** The model that it was trained from. */
  base?: string | null
  concepts?: readonly ModelConcept[]
  licence?: string | null
  /** sha256 over its files, as workers say it. */
  digest?: string | null
  bytes?: number
  /** Input channels of its UNet; null for other kinds. */
  channels?: number | null
  note?: string | null
  trainingRunId?: string | null
  /** Artifacts: pictures that it made. */
  sampleKeys?: readonly string[]
  ownerId: string
  departmentId: string
  visibility?: Visibility
}

/** Somebody else's model has the id. */
export class ModelTaken extends Error {
  constructor(id: string) {
    super(`There is a model "${id}" already.`)
    this.name = 'ModelTaken'
  }
}

/**
 * Records a model of a member, such as one that was trained. Call it before its files appear where workers look: a
 * worker that finds a model without a record gives it to everyone. Recording the same model of the same owner again
 * changes what is given; a deleted one is replaced.
 * @throws ModelTaken when the id is that of another owner's model
 */
export async function recordModel(db: Database | Transaction, record: ModelRecord): Promise<Model> {
  const { id, ...facts } = dataOf(record)
  await db.model.createMany({ data: [{ id, ...facts }], skipDuplicates: true })
  const { count } = await db.model.updateMany({
    where: { id, OR: [{ ownerId: record.ownerId }, { deletedAt: { not: null } }] },
    data: { ...facts, deletedAt: null },
  })
  if (count === 0) throw new ModelTaken(id)
  return db.model.findUniqueOrThrow({ where: { id } })
}

function dataOf(record: ModelRecord) {
  const { concepts = [], bytes = 0, sampleKeys = [], visibility = 'private' } = record
  return {
    id: record.id,
    title: record.title,
    kind: record.kind,
    base: record.base ?? null,
    concepts: concepts.map(({ name, prompt }) => ({ name, prompt })),
    licence: record.licence ?? null,
    digest: record.digest ?? null,
    bytes: BigInt(bytes),
    channels: record.channels ?? null,
    note: record.note ?? null,
    trainingRunId: record.trainingRunId ?? null,
    sampleKeys: [...sampleKeys],
    ownerId: record.ownerId,
    departmentId: record.departmentId,
    visibility,
  } satisfies Prisma.ModelCreateManyInput
}
