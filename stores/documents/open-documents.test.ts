/** Documents live where DOCUMENTS_URL says: beside everything else, or in a database of their own. */
import { createDatabase } from '@defect-studio/prisma'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { DocumentsUrl, openDocuments } from './open-documents.ts'

test('without an address documents stay in the one database', async () => {
  const db = createDatabase(await createTestDatabase())
  const { documents, close } = openDocuments({ url: undefined, db })
  await documents.put('things', 'a', 1)
  await close()
  expect(await db.document.count()).toBe(1)
  await db.$disconnect()
})

test('with an address they are kept there and nowhere else', async () => {
  const [db, elsewhere] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const [here, there] = [createDatabase(db), createDatabase(elsewhere)]
  const { documents, close } = openDocuments({ url: elsewhere, db: here })
  await documents.put('things', 'a', 1)
  expect(await documents.get('things', 'a')).toBe(1)
  await close()
  expect([await here.document.count(), await there.document.count()]).toEqual([0, 1])
  await Promise.all([here.$disconnect(), there.$disconnect()])
})

test.each([
  ['mongodb://user:secret@host/documents', 'A MongoDB is not understood yet'],
  ['mysql://user:secret@host/documents', 'begins with mysql:'],
  ['somewhere', 'no address'],
])('%s is refused with what is understood, and its password is not repeated', async (url, reason) => {
  const refused = DocumentsUrl.safeParse(url)
  const message = refused.error?.issues[0]?.message
  expect(message).toContain(reason)
  expect(message).toContain('postgresql://')
  expect(message).not.toContain('secret')
  const db = createDatabase('postgresql://nobody@127.0.0.1:1/none')
  expect(() => openDocuments({ url, db })).toThrow('DOCUMENTS_URL')
  await db.$disconnect()
})
