/** Which kind of worker does which call. */
import type { ActivityName } from '@defect-studio/nodes'
import type { Lane } from './world.ts'

/** A new power is a line here; without it nothing compiles. */
export const callLanes: Readonly<Record<ActivityName, Lane>> = {
  importPicture: 'io',
  saveToGallery: 'io',
  mergeCollections: 'io',
  combineCollections: 'io',
  limitCollection: 'io',
  openReview: 'io',
  readReview: 'io',
  remindReviewers: 'io',
  notify: 'io',
  callWebhook: 'io',
  makeMask: 'gpu',
  drawDefect: 'gpu',
  cleanUp: 'gpu',
  removeBackground: 'gpu',
  suggestPrompts: 'gpu',
  upscale: 'gpu',
  textToImage: 'gpu',
  imageToImage: 'gpu',
  inpaint: 'gpu',
}
