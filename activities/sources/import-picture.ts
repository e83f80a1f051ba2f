/** Brings a picture from an opened folder or bucket into the store, for the owner of the run that asks for it. */
import { type ImageRef, type PictureSource, StudioError, type TaskRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import {
  type ArtifactStore,
  chooseSource,
  createGate,
  inspectPicture,
  readBucketPicture,
  readServerPicture,
  registerArtifact,
  type SourceConfig,
  SourceRefusal,
} from '@defect-studio/stores'
import { createRunOwners, type RunOwner } from './run-owners.ts'

export interface ImportWorld {
  db: Database
  artifacts: ArtifactStore
  sources: SourceConfig
}

// Of 64 MB each: however many chunks are under way, files fill half a gigabyte at most.
const holding = createGate(8)

/**
 * Whether the owner may use the folder or bucket is asked again: the run was planned then, and this is now.
 * What it makes throws StudioError 'invalid-input' when that is closed, gone, changed or no picture.
 */
export function createImportPicture({ db, artifacts, sources }: ImportWorld) {
  const ownerOf = createRunOwners(db, sources)
  return async (
    { source, name }: { source: PictureSource; name: string },
    task: Pick<TaskRef, 'runId'>,
  ): Promise<{ image: ImageRef }> => {
    const { open, ...reader } = await ownerOf(task.runId)
    return holding(async () => {
      const bytes = await readSource(open, source)
      const about = await inspectPicture(bytes).catch((cause: unknown) => {
        if (!(cause instanceof Error && cause.name === 'ImageProblem')) throw cause
        throw new StudioError('invalid-input', `"${name}": ${cause.message}`, { cause })
      })
      const { key } = await artifacts.put(bytes, about.mediaType)
      const image = { key, ...about, bytes: bytes.length }
      await registerArtifact(db, image, reader)
      return { image }
    })
  }
}

async function readSource({ roots, buckets }: RunOwner['open'], source: PictureSource): Promise<Uint8Array> {
  try {
    return source.kind === 'folder'
      ? await readServerPicture(chooseSource(roots, source.root, 'root'), source.path)
      : await readBucketPicture(chooseSource(buckets, source.bucket, 'bucket'), source)
  } catch (error) {
    if (!(error instanceof SourceRefusal)) throw error
    throw new StudioError('invalid-input', `${error.problem.message} ${error.problem.remedy}`, {
      cause: error,
    })
  }
}
