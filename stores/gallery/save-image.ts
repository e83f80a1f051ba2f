/** Puts a picture into the gallery, together with how it was made. */
import { Plan, StudioError, type ImageRef, type Made, type TaskRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { registerArtifacts } from '../artifacts/register-artifact.ts'
import type { DocumentStore, Json } from '../documents/document-store.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { shareRun } from '../runs/share-run.ts'

export interface SaveImageOrder {
  /** Which piece of which run saves it; saving the same piece again gives the same image. */
  task: TaskRef
  image: ImageRef
  mask?: ImageRef
  name: string
  made?: Made
}

/** @param documents where provenance is kept, in collection 'provenance' under the image's id. */
export async function saveImage(
  db: Database,
  documents: DocumentStore,
  order: SaveImageOrder,
): Promise<{ imageId: string }> {
  const { image, imageId } = await retryTransaction(db, async (tx) => {
    const { task, image, mask, name, made } = order
    const { runId, nodeId, itemIndex } = task
    const run = await shareRun(tx, runId)
    const key = { runId_nodeId_itemIndex: { runId, nodeId, itemIndex } }
    const saved = await tx.image.findUnique({ where: key })
    if (saved) return { image: saved, imageId: saved.id }
    if (run.ended) throw new StudioError('invalid-input', `Run ${runId} has ended: it saves nothing more.`)
    const reader = { memberId: run.ownerId, departmentId: run.departmentId }
    await registerArtifacts(tx, [image, ...(mask ? [mask] : [])].map(pictureRecord), reader)
    const row = await tx.image.create({
      data: {
        artifactKey: image.key,
        maskKey: mask?.key ?? null,
        name,
        ownerId: run.ownerId,
        departmentId: run.departmentId,
        tool: made?.tool ?? null,
        prompt: made?.prompt ?? null,
        model: made?.model ?? null,
        seed: made?.seed === undefined ? null : BigInt(made.seed),
        width: image.width,
        height: image.height,
        runId,
        nodeId,
        itemIndex,
      },
    })
    return { image: row, imageId: row.id }
  })
  // Outside the transaction, since documents may live elsewhere; whoever was cut off here comes again.
  if ((await documents.get('provenance', imageId)) === null)
    await documents.put('provenance', imageId, await provenance(db, order, image.createdAt))
  return { imageId }
}

function pictureRecord({ key, mediaType, bytes, width, height }: ImageRef) {
  return { key, mediaType, bytes, width, height }
}

/** Everything that made the picture: with it the same picture can be made again. */
async function provenance(db: Database, order: SaveImageOrder, savedAt: Date): Promise<Json> {
  const { task, image, mask, made } = order
  const run = await db.run.findUniqueOrThrow({ where: { id: task.runId } })
  const plan = Plan.parse(run.plan)
  const nodes = upstreamOf(plan, task.nodeId).map(({ id, type, version, title, params, inputs }) => {
    return { id, type, version, title, params, inputs }
  })
  const document = {
    runId: task.runId,
    nodeId: task.nodeId,
    itemIndex: task.itemIndex,
    graphId: run.graphId,
    graphName: run.graphName,
    graph: run.document,
    nodes,
    seeds: nodes.flatMap(({ id, params }) =>
      typeof params['seed'] === 'number' ? [{ nodeId: id, seed: params['seed'] }] : [],
    ),
    models: nodes.flatMap(({ id, params }) =>
      typeof params['model'] === 'string' ? [{ nodeId: id, model: params['model'] }] : [],
    ),
    inputArtifacts: [...new Set(nodes.flatMap(({ params }) => artifactKeysIn(params)))],
    image,
    mask: mask ?? null,
    made: made ?? null,
    savedAt: savedAt.toISOString(),
  }
  return JSON.parse(JSON.stringify(document)) as Json
}

/** The node itself and all that flows into it, in the order of the plan. */
function upstreamOf(plan: Plan, nodeId: string): Plan['nodes'] {
  const wanted = new Set([nodeId])
  for (const node of plan.nodes.toReversed())
    if (wanted.has(node.id)) for (const { nodeId: source } of Object.values(node.inputs)) wanted.add(source)
  return plan.nodes.filter(({ id }) => wanted.has(id))
}

/** Keys of the pictures and folders that params name, such as an upload. */
function artifactKeysIn(params: Record<string, unknown>): string[] {
  return Object.values(params).flatMap((value) =>
    typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string'
      ? [value.key]
      : [],
  )
}
