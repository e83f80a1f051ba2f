/** Which models there are, and which servers can be reached that have them. */
import type { PrismaClient } from '@defect-studio/prisma'
import { serverGoneMs, type shippedModelIds } from '@defect-studio/stores'
import { z } from 'zod'
import { type Model, RegisteredModel } from '../shapes/model.ts'

/** Said by the server that has it. */
const unknown = { bytes: null, digest: null, attention: null }

/** What every studio has, shown before the first worker has registered. */
const shipped: (Omit<Model, 'servers'> & { id: (typeof shippedModelIds)[number] })[] = [
  {
    id: 'starter',
    title: 'Starter model',
    kind: 'diffusion',
    channels: 9,
    note: 'Small and trained on drawn surfaces: it shows how the tools work. Import a real checkpoint for real pictures.',
    licence: 'Apache-2.0',
    ...unknown,
  },
  {
    id: 'starter-matting',
    title: 'Starter background removal',
    kind: 'matting',
    channels: null,
    note: 'Finds parts that stand out from an even background.',
    licence: 'Apache-2.0',
    ...unknown,
  },
  {
    id: 'starter-image-text',
    title: 'Starter phrases',
    kind: 'image-text',
    channels: null,
    note: "Knows the renderer's materials, colours, defects, light and camera by its own phrases, and no other words.",
    licence: 'Apache-2.0',
    ...unknown,
  },
  {
    id: 'starter-upscale',
    title: 'Starter upscale',
    kind: 'super-resolution',
    channels: null,
    note: 'Trained on drawings and anime video: photos get clean edges and lose fine grain.',
    licence: 'BSD-3-Clause',
    ...unknown,
  },
]

export async function listModels(db: PrismaClient): Promise<Model[]> {
  const servers = await onlineServers(db)
  const models = new Map<string, Model>(shipped.map((model) => [model.id, { ...model, servers: [] }]))
  for (const server of servers)
    for (const registered of server.models) {
      const known = models.get(registered.id)
      const names = [...(known?.servers ?? []), server.name]
      models.set(registered.id, { ...registered, servers: names })
    }
  return [...models.values()]
}

async function onlineServers(db: PrismaClient) {
  const rows = await db.gpuServer.findMany({
    where: { lastSeenAt: { gt: new Date(Date.now() - serverGoneMs) }, workerToken: { revokedAt: null } },
    orderBy: { name: 'asc' },
  })
  return rows.map((row) => ({ name: row.name, models: readModelList(row.models) }))
}

/** What a worker registered, as it was kept. */
export const readModelList = (models: unknown): RegisteredModel[] => z.array(RegisteredModel).parse(models)
