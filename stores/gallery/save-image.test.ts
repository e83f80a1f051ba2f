/** The gallery on a real PostgreSQL: one image for one piece of work, with everything that made it. */
import type { PlannedNode, TaskRef } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createMember, createRun, picture, plan } from '../bookkeeping/books.fixtures.ts'
import { createPostgresDocuments } from '../documents/postgres-store.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { saveImage } from './save-image.ts'

/** By node: what a picture can be made again from. */
const params: Readonly<Record<string, PlannedNode['params']>> = {
  load: { image: { key: 'a'.repeat(64) } },
  paint: { seed: 7, model: 'starter' },
  other: { seed: 9 },
}

const taskOf = (runId: string, nodeId: string, itemIndex = 0): TaskRef => ({
  runId,
  nodeId,
  itemIndex,
  itemName: `part-${itemIndex}.png`,
})

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterAll(() => db.$disconnect())

test('saves an image once, readable by its owner, with the nodes, seeds and models behind it', async () => {
  const documents = createPostgresDocuments(db)
  const member = await createMember(db, createLedger(db), 0n)
  const runId = await createRun(db, member, {
    nodes: plan.nodes.map((node) => ({ ...node, params: params[node.id] ?? {} })),
  })
  const [image, mask] = [picture(), picture()]
  const made = {
    tool: 'image-to-image',
    nodeId: 'paint',
    seed: 4_294_967_295,
    model: 'starter',
    prompt: 'rust',
  }
  const order = { task: taskOf(runId, 'save', 3), image, mask, name: 'part.png', made }
  const saved = await Promise.all(Array.from({ length: 5 }, () => saveImage(db, documents, order)))
  expect(new Set(saved.map(({ imageId }) => imageId)).size).toBe(1)
  const imageId = saved[0]?.imageId ?? ''
  expect(await db.image.findUniqueOrThrow({ where: { id: imageId } })).toMatchObject({
    artifactKey: image.key,
    maskKey: mask.key,
    seed: 4_294_967_295n,
    prompt: 'rust',
    width: 4,
    height: 2,
    ownerId: member.id,
    visibility: 'department',
  })
  expect(
    await db.artifactGrant.count({
      where: { memberId: member.id, artifactKey: { in: [image.key, mask.key] } },
    }),
  ).toBe(2)
  expect(await documents.get('provenance', imageId)).toMatchObject({
    runId,
    itemIndex: 3,
    graph: { formatVersion: 3 },
    nodes: [{ id: 'load' }, { id: 'paint' }, { id: 'save' }],
    seeds: [{ nodeId: 'paint', seed: 7 }],
    models: [{ nodeId: 'paint', model: 'starter' }],
    inputArtifacts: ['a'.repeat(64)],
    made,
  })
})

test('writes the provenance that an attempt before it was too short-lived to write', async () => {
  const documents = createPostgresDocuments(db)
  const member = await createMember(db, createLedger(db), 0n)
  const order = { task: taskOf(await createRun(db, member), 'save'), image: picture(), name: 'part.png' }
  const cutOff = { ...documents, put: () => Promise.reject(new Error('killed')) }
  await expect(saveImage(db, cutOff, order)).rejects.toThrow('killed')
  const { imageId } = await saveImage(db, documents, order)
  expect(await documents.get('provenance', imageId)).toMatchObject({ nodeId: 'save', made: null })
})
