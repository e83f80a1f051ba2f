/** The room's door: the side effects on the `io` queue, made from what they need. */
import type { IoActivities, TaskRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import {
  openReview,
  readReview,
  remindReviewers,
  saveImage,
  stampGraph,
  type ArtifactStore,
  type DocumentStore,
  type SourceConfig,
} from '@defect-studio/stores'
import { callWebhook } from './control/call-webhook.ts'
import { limitCollection } from './control/limit-collection.ts'
import { mergeCollections } from './control/merge-collections.ts'
import { notify } from './control/notify.ts'
import { combineCollections } from './sources/combine-collections.ts'
import { createImportPicture } from './sources/import-picture.ts'

export interface IoDependencies {
  db: Database
  artifacts: ArtifactStore
  documents: DocumentStore
  /** Folders and buckets that are opened to graphs. */
  sources: SourceConfig
  /** Address of the studio for links in mails; null when it is not known. */
  publicUrl: string | null
  /** Whether runs may send mails to people who are no members. */
  allowExternalMail: boolean
}

/** As a worker calls them: with whom the work is for, and a signal that says when to stop. */
type IoCalls = {
  [K in keyof IoActivities]: IoActivities[K] extends (input: infer I) => infer R
    ? (input: I, task: TaskRef, signal: AbortSignal) => R
    : never
}

export function createIoActivities(world: IoDependencies): IoCalls {
  const { db, artifacts, documents, publicUrl } = world
  return {
    importPicture: createImportPicture(world),
    combineCollections: async (lists, task) => ({
      collections: await combineCollections(world, lists, task),
    }),
    async saveToGallery(input, task) {
      const stamped = await stampGraph(db, artifacts, task.runId, input)
      const { imageId } = await saveImage(db, documents, { task, ...input, ...stamped })
      return { imageId, image: stamped.image }
    },
    mergeCollections: async ({ collections }, task) => ({
      collection: await mergeCollections(world, collections, task),
    }),
    limitCollection: async (input, task) => ({ collection: await limitCollection(world, input, task) }),
    openReview: (input, task) => openReview(db, artifacts, { ...input, task, publicUrl }),
    readReview: ({ reviewId }, task) => readReview(db, artifacts, task, reviewId),
    remindReviewers: (input, task) => remindReviewers(db, task, { ...input, publicUrl }),
    notify: (input, task) => notify(world, input, task),
    callWebhook: (input, task, signal) => callWebhook(world, input, task, signal),
  }
}
