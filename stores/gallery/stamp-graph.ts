/** Writes the run's graph into the pictures that go into the gallery, so that each file can make itself again. */
import { graphAsItRan, Plan, readGraph, withGraph, type Graph, type ImageRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'

/**
 * The picture and its mask with the graph inside: the same pixels under another key, since a key is the hash of all
 * bytes. Files of other kinds than PNG, such as a photo that only passed through, stay what they are.
 *
 * @throws StudioError 'artifact-missing' when a picture is no longer stored.
 */
export async function stampGraph(
  db: Database,
  artifacts: Pick<ArtifactStore, 'get' | 'put'>,
  runId: string,
  { image, mask }: { image: ImageRef; mask?: ImageRef | undefined },
): Promise<{ image: ImageRef; mask?: ImageRef }> {
  const run = await db.run.findUniqueOrThrow({
    where: { id: runId },
    select: { document: true, plan: true },
  })
  const read = readGraph(run.document)
  if (!read.ok) return { image, ...(mask ? { mask } : {}) }
  const graph = graphAsItRan(read.graph, Plan.parse(run.plan))
  return {
    image: await stamp(artifacts, image, graph),
    ...(mask ? { mask: await stamp(artifacts, mask, graph) } : {}),
  }
}

async function stamp(
  artifacts: Pick<ArtifactStore, 'get' | 'put'>,
  picture: ImageRef,
  graph: Graph,
): Promise<ImageRef> {
  if (picture.mediaType !== 'image/png') return picture
  const stamped = withGraph(await artifacts.get(picture.key), graph)
  return { ...picture, ...(await artifacts.put(stamped, picture.mediaType)) }
}
