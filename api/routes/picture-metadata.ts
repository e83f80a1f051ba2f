/** Reads back from a picture how it was made: from a file that somebody has, or from one that is stored here. */
import { readPicture } from '@defect-studio/nodes'
import { ImageProblem, imageTypeOf } from '@defect-studio/stores'
import { readableArtifacts } from '@defect-studio/stores'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { KeyParams } from '../shapes/artifact.ts'
import { PictureMetadata } from '../shapes/picture-metadata.ts'
import type { Studio } from '../studio.ts'
import { listModels } from '../workers/list-models.ts'

const tag = 'gallery'

export const readFileMetadata = defineRoute({
  operationId: 'readFileMetadata',
  method: 'post',
  path: '/images/metadata',
  audit: false,
  tag,
  summary: 'How a picture was made, by the form field `file`; nothing is kept',
  description: 'PNG files carry it; of other pictures the answer says that they do not. At most 64 MB.',
  auth: 'use-studio',
  takes: 'file',
  response: PictureMetadata,
  async handler({ studio, upload }) {
    if (!upload)
      throw new ProblemError('invalid-request', 'The form has no file.', {
        remedy: 'Send one picture as the form field "file".',
        problems: [{ code: 'missing-file', field: 'file', message: 'Choose a picture.' }],
      })
    requirePicture(upload.bytes)
    return readPicture(upload.bytes, await modelIds(studio))
  },
})

export const readArtifactMetadata = defineRoute({
  operationId: 'readArtifactMetadata',
  method: 'get',
  path: '/artifacts/:key/metadata',
  tag: 'artifacts',
  summary: 'How a stored picture was made, as its own file says',
  auth: 'use-studio',
  params: KeyParams,
  response: PictureMetadata,
  async handler({ studio, caller, params: { key } }) {
    const row = (await readableArtifacts(studio.db, caller, [key])).get(key)
    // A folder is an artifact too, and no picture.
    if (!row || row.width === null) throw notFound('picture')
    return readPicture(await studio.artifacts.get(key), await modelIds(studio))
  },
})

function requirePicture(bytes: Uint8Array): void {
  try {
    imageTypeOf(bytes)
  } catch (error) {
    if (!(error instanceof ImageProblem)) throw error
    throw new ProblemError('invalid-image', error.message, {
      problems: [{ code: error.code, field: 'file', message: error.message }],
    })
  }
}

async function modelIds(studio: Studio): Promise<string[]> {
  const models = await listModels(studio.db)
  return models.filter(({ kind }) => kind === 'diffusion').map(({ id }) => id)
}
