/** Models that are put on this machine and taken off it: by upload, from the hub or the catalogue, with their progress. */
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { randomUUID } from 'node:crypto'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { modelCatalogue, ModelId } from '@defect-studio/nodes'
import { z } from 'zod'
import { cleanName } from '@defect-studio/stores'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import { CatalogueEntry, Installation, PullRequest } from '../shapes/installation.ts'
import { IdParams } from '../shapes/page.ts'

const tag = 'models'
const auth = 'manage-models'

/** The largest Stable Diffusion folder in single precision is 5 GB. */
const largestZipBytes = 16 * 2 ** 30

export const listCatalogue = defineRoute({
  operationId: 'listCatalogue',
  method: 'get',
  path: '/models/catalogue',
  tag,
  summary: 'The models that are known to work, with their licences',
  auth,
  response: z.object({ items: z.array(CatalogueEntry) }),
  handler: async () => ({ items: [...modelCatalogue] }),
})

export const listInstallations = defineRoute({
  operationId: 'listInstallations',
  method: 'get',
  path: '/models/installations',
  tag,
  summary: 'Installations under way and the latest that ended, newest first',
  description: 'Poll it while one has the state `running`. On `asks-licence` it waits for you.',
  auth,
  response: z.object({
    items: z.array(Installation),
    folder: z.string().nullable().meta({ description: 'Where models are put, on the machine of the API.' }),
  }),
  handler: async ({ studio }) => ({
    items: studio.installations.list(),
    folder: studio.config.modelsFolder,
  }),
})

export const uploadModel = defineRoute({
  operationId: 'uploadModel',
  method: 'post',
  path: '/models/uploads',
  tag,
  summary: 'Install a model from a zip, sent as the bare body',
  description:
    'At most 16 GiB, written to disk as it comes. The zip is unpacked and checked by a process of its own.',
  auth,
  query: z.object({
    name: z.string().min(1).max(300),
    id: ModelId.optional(),
    half: z.stringbool().default(false),
  }),
  status: 202,
  response: Installation,
  async handler({ studio, query, request }) {
    const { modelsFolder } = studio.config
    studio.installations.requireFree()
    if (modelsFolder === null) throw new ProblemError('not-available', 'There is no folder for models.')
    if (!request.is(['application/zip', 'application/octet-stream', 'application/x-zip-compressed']))
      throw new ProblemError('unsupported-media', 'The body has to be a zip.', {
        remedy: 'Send Content-Type: application/zip.',
      })
    const name = path.posix.basename(cleanName(query.name))
    const folder = path.join(modelsFolder, '.uploads')
    await mkdir(folder, { recursive: true })
    const file = path.join(folder, `${randomUUID()}.zip`)
    const discard = () => rm(file, { force: true })
    try {
      await pipeline(request, limitBytes(largestZipBytes), createWriteStream(file, { flags: 'wx' }), {
        signal: studio.closing,
      })
      const { id, half } = query
      const source = { from: 'zip' as const, path: file, name }
      return studio.installations.start({ source, half, ...(id === undefined ? {} : { id }) }, discard)
    } catch (error) {
      await discard()
      throw error
    }
  },
})

export const pullModel = defineRoute({
  operationId: 'pullModel',
  method: 'post',
  path: '/models/pull',
  tag,
  summary: 'Install a model of the catalogue or of the Hugging Face Hub',
  description: 'It stops at `asks-licence` before anything is downloaded.',
  auth,
  body: PullRequest,
  status: 202,
  response: Installation,
  async handler({ studio, body: { catalogue, hubId, revision, id, half } }) {
    const source =
      catalogue !== undefined
        ? { from: 'catalogue' as const, name: catalogue }
        : { from: 'hub' as const, hubId: hubId ?? '', ...(revision === undefined ? {} : { revision }) }
    return studio.installations.start({ source, half, ...(id === undefined ? {} : { id }) })
  },
})

export const acceptLicence = defineRoute({
  operationId: 'acceptLicence',
  method: 'post',
  path: '/models/installations/:id/accept-licence',
  tag,
  summary: 'Go on with an installation whose licence you have read',
  auth,
  params: IdParams,
  response: Installation,
  handler: async ({ studio, params: { id } }) => studio.installations.acceptLicence(id),
})

export const dismissInstallation = defineRoute({
  operationId: 'dismissInstallation',
  method: 'delete',
  path: '/models/installations/:id',
  tag,
  summary: 'Stop an installation and delete what has come; forget one that has ended',
  auth,
  params: IdParams,
  async handler({ studio, params: { id } }) {
    studio.installations.dismiss(id)
  },
})

export const removeModel = defineRoute({
  operationId: 'removeModel',
  method: 'delete',
  path: '/models/:id',
  tag,
  summary: 'Delete a model from the machine of the API',
  auth,
  params: z.object({ id: ModelId }),
  async handler({ studio, params: { id } }) {
    await studio.installations.remove(id)
  },
})

function limitBytes(most: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      if (bytes <= most) return next(null, chunk)
      next(new ProblemError('too-large', `A zip may have ${most / 2 ** 30} GiB.`))
    },
  })
}
