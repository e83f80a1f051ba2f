/** Hooks by which other systems start a graph, as the API shows them. */
import type { GraphHook } from '@defect-studio/prisma'
import { z } from 'zod'
import { HookMapping } from '../hooks/map-body.ts'

export const NewGraphHook = z.object({
  name: z.string().trim().min(1, 'Give the hook a name.').max(100),
  revision: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .meta({ description: 'Of the graph; null: the latest at each time.' }),
  mapping: HookMapping.default({}).meta({
    description: 'Input of the graph → where its value lies in the body, as `defect.images.0.prompt`.',
  }),
})

export const HookDescription = NewGraphHook.extend({
  id: z.uuid(),
  graphId: z.uuid(),
  path: z.string().meta({ description: 'Where messages are sent to, below the address of the studio.' }),
  mapping: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
}).meta({ id: 'GraphHook' })

export const HookSecret = z.object({
  secret: z.string().meta({ description: 'Signs messages (Standard Webhooks). Shown this once.' }),
})

export const describeHook = (row: GraphHook): z.input<typeof HookDescription> => ({
  id: row.id,
  graphId: row.graphId,
  name: row.name,
  path: `/api/v1/hooks/${row.id}`,
  revision: row.revision,
  mapping: HookMapping.parse(row.mapping),
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
})
