/** Pictures in and out of the store. */
import { basename } from 'node:path/posix'
import { cleanName, pictureLimits, readableArtifacts } from '@defect-studio/stores'
import { inspectUpload, storePicture } from '../artifacts/store-upload.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { ArtifactDescription, KeyParams, UploadedPicture } from '../shapes/artifact.ts'

const tag = 'artifacts'

export const largestUploadBytes = pictureLimits.maxBytes

export const uploadPicture = defineRoute({
  operationId: 'uploadPicture',
  method: 'post',
  path: '/artifacts',
  tag,
  summary: 'Upload one picture as the form field `file`',
  description:
    'PNG, JPEG, WebP, TIFF or BMP, at most 64 MB and 40 megapixels. It is decoded before it is kept.',
  auth: 'use-studio',
  takes: 'file',
  status: 201,
  response: UploadedPicture,
  async handler({ studio, caller, upload }) {
    if (!upload)
      throw new ProblemError('invalid-request', 'The form has no file.', {
        remedy: 'Send one picture as the form field "file".',
        problems: [{ code: 'missing-file', field: 'file', message: 'Choose a picture.' }],
      })
    const { mediaType, width, height } = await inspectUpload(upload.bytes, pictureLimits)
    const key = await storePicture(studio, upload.bytes, { mediaType, width, height }, caller)
    const image = { key, mediaType, width, height, bytes: upload.bytes.length }
    return { ...studio.links.picture(image), name: basename(cleanName(upload.name)) }
  },
})

export const readArtifact = defineRoute({
  operationId: 'readArtifact',
  method: 'get',
  path: '/artifacts/:key',
  tag,
  summary: 'What is stored under a key',
  auth: 'use-studio',
  params: KeyParams,
  response: ArtifactDescription,
  async handler({ studio, caller, params: { key } }) {
    const row = (await readableArtifacts(studio.db, caller, [key])).get(key)
    if (!row) throw notFound('artifact')
    return {
      key,
      mediaType: row.mediaType,
      bytes: Number(row.bytes),
      width: row.width,
      height: row.height,
      createdAt: row.createdAt.toISOString(),
      url: studio.links.content(key),
      thumbnailUrl: row.width === null ? null : studio.links.thumbnail(key),
    }
  },
})
