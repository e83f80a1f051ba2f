/** Models and the servers that have them, as workers register them and the API shows them. */
import { attentionForms, modelKinds } from '@defect-studio/nodes'
import { z } from 'zod'

/** What a worker says of one of its models. */
export const RegisteredModel = z
  .object({
    id: z.string().min(1).max(200),
    title: z.string().min(1).max(200),
    kind: z.enum(modelKinds),
    /** Input channels of the UNet: 4 or 9; 9 takes a mask and the masked picture. Null for other kinds. */
    channels: z.int().min(1).max(64).nullable().default(null),
    note: z.string().max(2000).nullable().default(null),
    licence: z.string().max(200).nullable().default(null),
    /** All its files together; null from workers that do not say. */
    bytes: z.int().min(0).nullable().default(null),
    /** sha256 over its files: the same on every server that has the same model. */
    digest: z.string().max(100).nullable().default(null),
    /** How its UNet computes attention; `unfused` is slower. Null for other kinds. */
    attention: z.enum(attentionForms).nullable().default(null),
  })
  .meta({ id: 'RegisteredModel' })
export type RegisteredModel = z.infer<typeof RegisteredModel>

export const Model = RegisteredModel.extend({
  channels: z.int().nullable(),
  note: z.string().nullable(),
  licence: z.string().nullable(),
  bytes: z.int().nullable(),
  digest: z.string().nullable(),
  attention: z.enum(attentionForms).nullable(),
  servers: z.array(z.string()).meta({ description: 'Names of the servers that have it now.' }),
}).meta({ id: 'Model' })
export type Model = z.infer<typeof Model>

/** A model in a server's memory. */
export const LoadedModel = z
  .object({
    id: z.string().min(1).max(200),
    bytes: z.int().min(0).meta({ description: 'What its weights take.' }),
    inUse: z.int().min(0).meta({ description: 'Pieces of work that use it now.' }),
  })
  .meta({ id: 'LoadedModel' })

export const Server = z
  .object({
    id: z.string(),
    name: z.string(),
    provider: z.string(),
    device: z.string(),
    memoryMb: z.int(),
    version: z.string(),
    models: z.array(z.string()),
    loaded: z.array(LoadedModel).meta({ description: 'Loaded now, the most recently used last.' }),
    online: z.boolean(),
    startedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'Server' })
