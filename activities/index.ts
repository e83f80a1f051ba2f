/** The room's door: the side effects on the `io` queue, made from what they need. */
import type { IoActivities, WithTask } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import {
  readCollection,
  saveImage,
  stampGraph,
  type ArtifactStore,
  type DocumentStore,
} from '@defect-studio/stores'

export interface IoDependencies {
  db: Database
  artifacts: ArtifactStore
  documents: DocumentStore
}

export function createIoActivities({ db, artifacts, documents }: IoDependencies): WithTask<IoActivities> {
  return {
    listCollection: ({ collection }) => readCollection(artifacts, collection),
    async saveToGallery(input, task) {
      const stamped = await stampGraph(db, artifacts, task.runId, input)
      const { imageId } = await saveImage(db, documents, { task, ...input, ...stamped })
      return { imageId, image: stamped.image }
    },
  }
}
