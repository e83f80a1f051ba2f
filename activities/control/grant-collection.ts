/** Lets whoever may read what a run made read a list that was made for it. */
import type { CollectionRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { registerArtifact } from '@defect-studio/stores'

export async function grantCollection(db: Database, collection: CollectionRef, runId: string): Promise<void> {
  const run = await db.run.findUniqueOrThrow({
    where: { id: runId },
    select: { ownerId: true, departmentId: true },
  })
  const { key, mediaType, bytes } = collection
  const reader = { memberId: run.ownerId, departmentId: run.departmentId }
  await registerArtifact(db, { key, mediaType, bytes, width: null, height: null }, reader)
}
