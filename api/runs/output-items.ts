/** Shows what came out of nodes: the first items of each port, with links, and lists that lie in the store. */
import { findDefinition, ImageRef, type ManifestItem, type PortType } from '@defect-studio/nodes'
import type { PrismaClient } from '@defect-studio/prisma'
import { type ArtifactStore, readCollection } from '@defect-studio/stores'
import type { ArtifactLinks } from '../artifacts/artifact-links.ts'
import type { OutputItem } from '../shapes/run.ts'
import { readOutputs, type StoredItem } from './stored-shapes.ts'

export interface OutputWorld {
  db: PrismaClient
  artifacts: ArtifactStore
  links: ArtifactLinks
}

export interface ItemRow {
  nodeId: string
  index: number
  outputs: unknown
  worker: string | null
}

/** For each of the nodes its first items that succeeded, in order: one question for all. */
export async function firstItems(
  db: PrismaClient,
  runId: string,
  wanted: readonly { nodeId: string; most: number }[],
): Promise<Map<string, ItemRow[]>> {
  if (wanted.length === 0) return new Map()
  const nodeIds = wanted.map(({ nodeId }) => nodeId)
  const most = wanted.map((one) => one.most)
  const rows = await db.$queryRaw<ItemRow[]>`
    SELECT item."nodeId", item."index", item."outputs", item."worker"
    FROM unnest(${nodeIds}::text[], ${most}::int[]) AS wanted ("nodeId", "most")
    CROSS JOIN LATERAL (
      SELECT "nodeId", "index", "outputs", "worker" FROM "NodeRunItem"
      WHERE "runId" = ${runId}::uuid AND "nodeId" = wanted."nodeId" AND "state" IN ('succeeded', 'cached')
      ORDER BY "index" LIMIT wanted."most"
    ) AS item
    ORDER BY item."nodeId", item."index"`
  const items = new Map<string, ItemRow[]>()
  for (const row of rows) {
    const before = items.get(row.nodeId)
    if (before) before.push(row)
    else items.set(row.nodeId, [row])
  }
  return items
}

export const portType = (nodeType: string, port: string): PortType =>
  findDefinition(nodeType)?.outputs[port]?.type ?? 'image'

/** The things on one output port; a picture comes with the mask that the same item made, when the node makes one. */
export async function describePort(
  { artifacts, links }: Pick<OutputWorld, 'artifacts' | 'links'>,
  rows: readonly ItemRow[],
  nodeType: string,
  port: string,
  most: number,
): Promise<{ items: OutputItem[]; stored: number | null }> {
  const outputs = findDefinition(nodeType)?.outputs ?? {}
  const maskPort =
    outputs[port]?.type === 'image'
      ? Object.keys(outputs).find((one) => outputs[one]?.type === 'mask')
      : undefined
  const items: OutputItem[] = []
  let inLists: number | null = null
  for (const row of rows) {
    const result = readOutputs(row.outputs)
    for (const [index, item] of (result[port] ?? []).entries()) {
      if (item.stored) {
        inLists = (inLists ?? 0) + item.stored.count
        items.push(...(await listItems(artifacts, links, item.stored.key, most - items.length)))
      } else if (items.length < most)
        items.push(describeItem(item, links, row.worker, maskPort && result[maskPort]?.[index]))
    }
  }
  return { items, stored: inLists }
}

function describeItem(
  { name, value, made }: StoredItem,
  links: ArtifactLinks,
  worker: string | null,
  mask: StoredItem | undefined | '',
): OutputItem {
  const about = { name, ...(worker === null ? {} : { worker }), ...(made ? { made } : {}) }
  if (typeof value === 'string') return { ...about, text: value }
  if (typeof value === 'number') return { ...about, number: value }
  return {
    ...about,
    image: links.picture(value),
    ...(mask && typeof mask.value === 'object' ? { mask: links.picture(mask.value) } : {}),
  }
}

/** What a node that takes wholes hands on lies in the store as one list. */
async function listItems(
  artifacts: ArtifactStore,
  links: ArtifactLinks,
  key: string,
  most: number,
): Promise<OutputItem[]> {
  if (most <= 0) return []
  // Whoever cleaned up the store has taken the list, not the run.
  const list = await readCollection(artifacts, { key }).catch(() => null)
  return (list?.items ?? []).slice(0, most).map((item) => listedItem(item, links))
}

/** One line of a stored list. */
export function listedItem({ name, value, made }: ManifestItem, links: ArtifactLinks): OutputItem {
  const about = { name, ...(made ? { made } : {}) }
  const image = ImageRef.safeParse(value)
  if (image.success) return { ...about, image: links.picture(image.data) }
  if (typeof value === 'number') return { ...about, number: value }
  return { ...about, text: typeof value === 'string' ? value : JSON.stringify(value) }
}
