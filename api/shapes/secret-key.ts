/** API keys and worker tokens as the API shows them: never the secret, only how it starts. */
import { z } from 'zod'

export const KeyName = z.string().trim().min(1, 'Give it a name.').max(100)

export const KeyDescription = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().meta({ description: 'How it starts, to recognise it by.' }),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Key' })

export function describeKey(row: {
  id: string
  name: string
  prefix: string
  createdAt: Date
  lastUsedAt?: Date | null
  revokedAt: Date | null
}): z.infer<typeof KeyDescription> {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }
}

export const ApiKeyDescription = KeyDescription.extend({
  scopes: z
    .array(z.string())
    .meta({ description: 'What it may be used for; empty: everything that its member may.' }),
  graphIds: z.array(z.uuid()).meta({ description: 'Runs of these graphs alone; empty: of any.' }),
  expiresAt: z.iso.datetime().nullable(),
}).meta({ id: 'ApiKey' })

export function describeApiKey(
  row: Parameters<typeof describeKey>[0] & { scopes: string[]; graphIds: string[]; expiresAt: Date | null },
): z.infer<typeof ApiKeyDescription> {
  const { scopes, graphIds, expiresAt } = row
  return { ...describeKey(row), scopes, graphIds, expiresAt: expiresAt?.toISOString() ?? null }
}
