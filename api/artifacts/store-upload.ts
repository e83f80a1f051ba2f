/** Takes in bytes: looks inside before trusting them, stores them, and writes down whose they are. */
import type { PrismaClient } from '@defect-studio/prisma'
import { ImageProblem, inspectImage, type ImageLimits } from '@defect-studio/stores/artifacts'
import type { Caller } from '../auth/caller.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'
import { createGate } from './gate.ts'

// A decoded 40-megapixel picture takes up to 160 MB: two at a time keep the API small.
const decoding = createGate(2)

/** Looks at a picture; refusals become problems that say what to do. */
export async function inspectUpload(bytes: Uint8Array, limits: ImageLimits) {
  try {
    return await decoding(() => inspectImage(bytes, limits))
  } catch (error) {
    if (!(error instanceof ImageProblem)) throw error
    throw new ProblemError(error.code === 'too-many-bytes' ? 'too-large' : 'invalid-image', error.message, {
      problems: [{ code: error.code, field: 'file', message: error.message }],
    })
  }
}

export interface ArtifactFacts {
  mediaType: string
  width: number | null
  height: number | null
}

/** Stores the bytes, then the row: a row never points at nothing. Both are harmless to repeat. */
export async function storeArtifact(
  { artifacts, db }: Pick<Studio, 'artifacts' | 'db'>,
  bytes: Uint8Array,
  { mediaType, width, height }: ArtifactFacts,
): Promise<string> {
  const { key } = await artifacts.put(bytes, mediaType)
  await db.artifact.createMany({
    data: [{ key, mediaType, width, height, bytes: BigInt(bytes.length) }],
    skipDuplicates: true,
  })
  return key
}

export async function grantArtifact(db: PrismaClient, caller: Caller, artifactKey: string): Promise<void> {
  const { memberId, departmentId } = caller
  await db.artifactGrant.createMany({ data: [{ artifactKey, memberId, departmentId }], skipDuplicates: true })
}
