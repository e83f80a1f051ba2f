/** Where lists of pictures may come from, and what a list would hold, before anything runs. */
import { JsonValue } from '@defect-studio/nodes'
import { openSources, readSource } from '@defect-studio/stores'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'

const tag = 'sources'

const Opened = z.object({ name: z.string() })

export const listSources = defineRoute({
  operationId: 'listSources',
  method: 'get',
  path: '/sources',
  tag,
  summary: 'Server folders and S3 buckets that you may load pictures from',
  description: 'Names alone: where they lie is the business of whoever runs the studio.',
  auth: 'use-studio',
  scope: 'artifacts',
  response: z.object({ folders: z.array(Opened), buckets: z.array(Opened) }).meta({ id: 'Sources' }),
  async handler({ studio, caller }) {
    const { roots, buckets } = await openSources(studio.db, studio.config.sources, caller)
    return { folders: roots, buckets }
  },
})

/** Enough to see that it is the right list. */
const shownNames = 20

export const previewSource = defineRoute({
  operationId: 'previewSource',
  method: 'post',
  path: '/sources/preview',
  audit: false,
  tag,
  summary: 'What the list of a source node would hold now',
  description: 'Seeds that a run draws are drawn anew for it. Nothing is brought in or kept.',
  auth: 'use-studio',
  scope: 'artifacts',
  body: z.object({
    type: z.string().max(64).meta({ description: 'Node type, such as load-server-folder.' }),
    params: z.record(z.string(), JsonValue),
  }),
  status: 200,
  response: z
    .object({
      count: z.int(),
      names: z.array(z.string()).meta({ description: `The first ${shownNames}.` }),
    })
    .meta({ id: 'SourcePreview' }),
  async handler({ studio, caller, body }) {
    const { db, artifacts, config } = studio
    const listed = await readSource({ db, artifacts, config: config.sources }, caller, body)
    if ('problem' in listed)
      throw new ProblemError('unusable-list', listed.problem.message, {
        remedy: listed.problem.remedy,
        problems: [listed.problem],
      })
    return {
      count: listed.items.length,
      names: listed.items.slice(0, shownNames).map(({ name }) => name),
    }
  },
})
