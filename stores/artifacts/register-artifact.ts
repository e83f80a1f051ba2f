/** Writes down that bytes are stored, and who may read them. */
import type { Database, Transaction } from '@defect-studio/prisma'

export interface ArtifactRecord {
  key: string
  mediaType: string
  bytes: number
  /** Pixels; null for what is no picture. */
  width: number | null
  height: number | null
}

/** Who may read: one member, and the department that the member belongs to at this moment. */
export interface Reader {
  memberId: string
  departmentId: string
}

/** Idempotent: the same bytes are one row, however often and by whomever they are stored. */
export async function registerArtifact(
  db: Database | Transaction,
  artifact: ArtifactRecord,
  reader: Reader | null,
): Promise<void> {
  await registerArtifacts(db, [artifact], reader)
}

/** In the order of the keys, so that two transactions with the same artifacts wait instead of deadlocking. */
export async function registerArtifacts(
  db: Database | Transaction,
  artifacts: readonly ArtifactRecord[],
  reader: Reader | null,
): Promise<void> {
  const unique = [...new Map(artifacts.map((artifact) => [artifact.key, artifact])).values()]
  if (unique.length === 0) return
  const sorted = unique.sort((a, b) => (a.key < b.key ? -1 : 1))
  await db.artifact.createMany({
    data: sorted.map(({ bytes, ...artifact }) => ({ ...artifact, bytes: BigInt(bytes) })),
    skipDuplicates: true,
  })
  if (reader)
    await db.artifactGrant.createMany({
      data: sorted.map(({ key }) => ({ artifactKey: key, ...reader })),
      skipDuplicates: true,
    })
}
