/** A picture of the gallery shows the proof that its mask held, where there is one. */
import { createPostgresDocuments } from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

async function saved(made: object) {
  const photo = (await studio.upload(token, await picture())).body
  const me = await studio.db.member.findFirstOrThrow({ where: { loginId: 'owner' } })
  const row = await studio.db.image.create({
    data: {
      ...{ artifactKey: photo.key, name: 'part.png', ownerId: me.id, departmentId: me.departmentId },
      ...{ width: 32, height: 24 },
    },
  })
  await createPostgresDocuments(studio.db).put('provenance', row.id, {
    made: JSON.parse(JSON.stringify(made)),
  })
  return (await studio.call('GET', `/api/v1/images/${row.id}`, { token })).body
}

test('the certificate of a masked edit is shown with the picture', async () => {
  const certificate = {
    original: 'a'.repeat(64),
    mask: 'b'.repeat(64),
    ...{ changedOutside: 0, changedInside: 120, inside: 130 },
  }
  expect(await saved({ tool: 'clean-up', nodeId: 'clean', certificate })).toMatchObject({ certificate })
})

test('a picture without a mask has none, and neither has one whose numbers prove nothing', async () => {
  expect(await saved({ tool: 'text-to-image', nodeId: 'draw' })).toMatchObject({ certificate: null })
  const broken = {
    original: 'a'.repeat(64),
    mask: 'b'.repeat(64),
    changedOutside: 1,
    changedInside: 1,
    inside: 1,
  }
  expect(await saved({ tool: 'inpaint', nodeId: 'draw', certificate: broken })).toMatchObject({
    certificate: null,
  })
})
