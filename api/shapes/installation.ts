/** A model on its way to this machine, as the API shows it. */
import { HubId, HubRevision, InstallProblemCode, installSteps, ModelId } from '@defect-studio/nodes'
import { z } from 'zod'

export const Installation = z
  .object({
    id: z.uuid(),
    from: z.enum(['folder', 'zip', 'hub', 'catalogue']),
    name: z.string().meta({ description: 'A file, a hub id, or a title of the catalogue.' }),
    modelId: z.string().nullable().meta({ description: 'What the model is called, once it is known.' }),
    state: z.enum(['running', 'asks-licence', 'installed', 'failed', 'cancelled']),
    step: z
      .object({
        step: z.enum(installSteps),
        what: z.string(),
        done: z.number(),
        total: z.number().meta({ description: '0 where it is not known.' }),
        unit: z.enum(['bytes', 'steps']),
      })
      .nullable(),
    licence: z.object({ licence: z.string().nullable(), url: z.string(), bytes: z.number() }).nullable(),
    notes: z.array(z.string()),
    failure: z.object({ code: InstallProblemCode, message: z.string() }).nullable(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Installation' })
export type Installation = z.infer<typeof Installation>

/** Either a name of the catalogue or an id of the hub. */
export const PullRequest = z
  .object({
    catalogue: z.string().min(1).max(100).optional(),
    hubId: HubId.optional(),
    revision: HubRevision.optional(),
    id: ModelId.optional(),
    half: z.boolean().default(false),
  })
  .refine(({ catalogue, hubId }) => (catalogue === undefined) !== (hubId === undefined), {
    message: 'Name either a model of the catalogue or an id of the hub.',
    path: ['hubId'],
  })

export const CatalogueEntry = z
  .object({
    name: z.string(),
    title: z.string(),
    kind: z.string(),
    licence: z.string(),
    licenceUrl: z.string(),
    hubId: z.string(),
    bytes: z.number(),
    converted: z
      .boolean()
      .meta({ description: 'Whether it is converted here, which needs the Python tools.' }),
    note: z.string(),
  })
  .meta({ id: 'CatalogueModel' })
