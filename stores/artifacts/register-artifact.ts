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

/**
 * However many, in one statement: pictures come in by the thousand. In the order of the keys, so that two transactions
 * with the same artifacts wait instead of deadlocking.
 */
export async function registerArtifacts(
  db: Database | Transaction,
  artifacts: readonly ArtifactRecord[],
  reader: Reader | null,
): Promise<void> {
  const unique = [...new Map(artifacts.map((artifact) => [artifact.key, artifact])).values()]
  if (unique.length === 0) return
  const keys = unique.map(({ key }) => key)
  const types = unique.map(({ mediaType }) => mediaType)
  const bytes = unique.map((artifact) => BigInt(artifact.bytes))
  const widths = unique.map(({ width }) => width)
  const heights = unique.map(({ height }) => height)
  const readers = reader ? [reader] : []
  await db.$executeRaw`
    WITH given AS (
      SELECT * FROM unnest(${keys}::text[], ${types}::text[], ${bytes}::bigint[], ${widths}::int[], ${heights}::int[])
        AS each("key", "mediaType", "bytes", "width", "height")
    ), stored AS (
      INSERT INTO "Artifact" ("key", "mediaType", "bytes", "width", "height")
      SELECT * FROM given ORDER BY "key"
      ON CONFLICT DO NOTHING
    )
    INSERT INTO "ArtifactGrant" ("artifactKey", "departmentId", "memberId")
    SELECT given."key", reader."departmentId", reader."memberId"
    FROM given, unnest(
      ${readers.map(({ departmentId }) => departmentId)}::uuid[], ${readers.map(({ memberId }) => memberId)}::uuid[]
    ) AS reader("departmentId", "memberId")
    ORDER BY given."key"
    ON CONFLICT DO NOTHING`
}
