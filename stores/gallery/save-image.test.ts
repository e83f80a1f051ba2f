/** The gallery on a real PostgreSQL: one image for one piece of work, with everything that made it. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createMember, createRun, picture, taskOf } from '../bookkeeping/books.fixtures.ts'
import { createPostgresDocuments } from '../documents/postgres-store.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { saveImage } from './save-image.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterAll(() => db.$disconnect())

test('saves an image once, readable by its owner, with the nodes, seeds and models behind it', async () => {
  const documents = createPostgresDocuments(db)
  const member = await createMember(db, createLedger(db), 0n)
  const runId = await createRun(db, member)
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
    graph: { formatVersion: 2 },
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
