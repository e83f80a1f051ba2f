/** Takes in bytes: looks inside before trusting them, stores them, and writes down whose they are. */
import { registerArtifact } from '@defect-studio/stores'
import {
  type ImageLimits,
  ImageProblem,
  type InspectedImage,
  inspectPicture,
} from '@defect-studio/stores/artifacts'
import type { Caller } from '../auth/caller.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'

/** Looks at a picture; refusals become problems that say what to do. */
export async function inspectUpload(bytes: Uint8Array, limits: ImageLimits): Promise<InspectedImage> {
  try {
    return await inspectPicture(bytes, limits)
  } catch (error) {
    if (!(error instanceof ImageProblem)) throw error
    throw new ProblemError(error.code === 'too-many-bytes' ? 'too-large' : 'invalid-image', error.message, {
      problems: [{ code: error.code, field: 'file', message: error.message }],
    })
  }
}

/**
 * Stores the bytes, then the row: a row never points at nothing. Both are harmless to repeat.
 * @param reader who may read it; null for a worker's result, which the books hand to the owner of the run.
 */
export async function storePicture(
  { artifacts, db }: Pick<Studio, 'artifacts' | 'db'>,
  bytes: Uint8Array,
  { mediaType, width, height }: InspectedImage,
  reader: Pick<Caller, 'memberId' | 'departmentId'> | null,
): Promise<string> {
  const stored = await artifacts.put(bytes, mediaType)
  await registerArtifact(db, { ...stored, mediaType, width, height }, reader && readerOf(reader))
  return stored.key
}

/** The two ids alone: a caller has more fields than a row takes. */
export const readerOf = ({ memberId, departmentId }: Pick<Caller, 'memberId' | 'departmentId'>) => ({
  memberId,
  departmentId,
})
