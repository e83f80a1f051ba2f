/** The upload takes photos of every kind as they are, whatever their file is called, and says why it takes others not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusedFiles, strangePhotos } from '../../stores/artifacts/strange-photos.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

test.each(strangePhotos)('takes a photo: $kind', async ({ make, mediaType, width, height }) => {
  const bytes = await make()
  // An ending says nothing: the bytes do.
  const { status, body } = await studio.upload(token, bytes, 'photo.xyz.gif')
  expect(status).toBe(201)
  expect(body).toMatchObject({ mediaType, width, height, bytes: bytes.length })
  const thumbnail = await fetch(`${studio.url}${body.thumbnailUrl}`)
  expect(thumbnail.headers.get('content-type')).toBe('image/webp')
  await thumbnail.arrayBuffer()
})

test.each(refusedFiles)('refuses $kind', async ({ make, code }) => {
  const { status, body } = await studio.upload(token, await make(), 'photo.jpg')
  expect([status, body.code, body.problems[0]?.code]).toEqual([422, 'invalid-image', code])
})
