/** Pictures in and out: only real ones come in, only their readers get them out, links end. */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createArtifactLinks } from '../artifacts/artifact-links.ts'
import { signingKey } from '../auth/signing-keys.ts'
import { picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'
import { largestUploadBytes } from './artifacts.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

test('an upload is decoded, kept under its hash, and given back byte for byte', async () => {
  const bytes = await picture(1)
  const answer = await studio.upload(token, bytes, 'été 1.png')
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ width: 32, height: 24, mediaType: 'image/png', name: 'été 1.png' })
  expect(answer.body.key).toBe(createHash('sha256').update(bytes).digest('hex'))
  const content = await fetch(`${studio.url}${answer.body.url}`)
  expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true)
  expect(content.headers.get('cache-control')).toContain('immutable')
  expect(content.headers.get('content-security-policy')).toContain('sandbox')
  const again = await studio.upload(token, bytes)
  expect(again.body.key).toBe(answer.body.key)
})

test.each([
  ['../../etc/passwd.png', 'passwd.png'],
  ['a\\b\\c.png', 'c.png'],
  ['evil\u202egnp.exe', 'evilgnp.exe'],
  ['..', 'unnamed'],
])('the name %j becomes %j', async (given, clean) => {
  expect((await studio.upload(token, await picture(2), given)).body).toMatchObject({ name: clean })
})

const bomb = () =>
  sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#000' } })
    .png({ compressionLevel: 9 })
    .toBuffer()

test.each([
  ['a text', async () => Buffer.from('this is not a picture'), 'not-an-image'],
  ['an empty file', async () => Buffer.alloc(0), 'not-an-image'],
  ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), ''],
  ['a 100-megapixel bomb', bomb, 'too-many-pixels'],
  ['a truncated file', async () => (await picture(3, 400, 300)).subarray(0, 500), 'truncated'],
])('refuses %s with a sentence, and keeps nothing', async (_what, make, code) => {
  const before = await studio.db.artifact.count()
  const answer = await studio.upload(token, await make())
  expect(answer.status).toBe(422)
  expect(answer.body.code).toBe('invalid-image')
  expect(answer.body.detail.length).toBeGreaterThan(20)
  expect(answer.body.problems[0]?.field).toBe('file')
  if (code) expect(answer.body.problems[0]?.code).toBe(code)
  expect(await studio.db.artifact.count()).toBe(before)
})

test('refuses a form without a file, one with two, and one that is too large', async () => {
  const none = await studio.call('POST', '/api/v1/artifacts', { token, body: new FormData() })
  expect(none.status).toBe(422)
  const two = new FormData()
  for (const _ of [1, 2]) two.append('file', new Blob([Uint8Array.from(await picture(4))]), 'a.png')
  expect((await studio.call('POST', '/api/v1/artifacts', { token, body: two })).status).toBe(400)
  const large = await studio.upload(token, Buffer.alloc(largestUploadBytes + 1))
  expect(large.status).toBe(413)
  expect(large.body.code).toBe('too-large')
})

test('refuses a form that is broken or cut off', async () => {
  const send = (body: string, type: string) =>
    studio.call('POST', '/api/v1/artifacts', { token, body, headers: { 'content-type': type } })
  const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a'
  for (const answer of [
    await send(`${head}\u0000.png"\r\n\r\nabc\r\n--x--\r\n`, 'multipart/form-data; boundary=x'),
    await send(`${head}.png"\r\n\r\nabc`, 'multipart/form-data; boundary=x'),
    await send('abc', 'multipart/form-data'),
  ])
    expect(answer.status).toBe(400)
})

test('a range, a known version and a head are answered as HTTP says', async () => {
  const bytes = await picture(5)
  const { url } = (await studio.upload(token, bytes)).body
  const get = (headers: Record<string, string>, method = 'GET') =>
    fetch(studio.url + url, { headers, method })
  const part = await get({ range: 'bytes=10-19' })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`)
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true)
  const outside = await get({ range: 'bytes=999999-' })
  expect(outside.status).toBe(416)
  await outside.arrayBuffer()
  const etag = (await get({}, 'HEAD')).headers.get('etag') ?? ''
  const known = await get({ 'if-none-match': etag, 'cache-control': 'max-age=0' })
  expect(known.status).toBe(304)
})

test('a link ends, and belongs to one picture', async () => {
  const first = (await studio.upload(token, await picture(6))).body
  const second = (await studio.upload(token, await picture(7))).body
  const key = signingKey(studio.config.signingSecret, 'artifact-link')
  const yesterday = createArtifactLinks(key, () => Date.now() - 24 * 3600_000)
  const wrong = [
    yesterday.content(first.key),
    yesterday.content(first.key).replace(/expires=\d+/, 'expires=99999999999'),
    first.url.replace(first.key, second.key),
    first.url.replace(/signature=.*/, 'signature=AAAA'),
    createArtifactLinks(Buffer.alloc(32)).content(first.key),
  ]
  for (const url of wrong) {
    const answer = await studio.call('GET', url)
    expect(answer.status, url).toBe(403)
    expect(answer.body.code).toBe('link-expired')
  }
  expect((await studio.call('GET', first.url)).status).toBe(200)
  expect((await studio.call('GET', `/api/v1/artifacts/${first.key}/content`)).status).toBe(401)
})

test('a thumbnail is a small WebP with the sides of the picture', async () => {
  const { thumbnailUrl } = (await studio.upload(token, await picture(8, 1200, 600))).body
  const response = await fetch(`${studio.url}${thumbnailUrl}&size=128`)
  expect(response.headers.get('content-type')).toBe('image/webp')
  const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
  expect([width, height]).toEqual([128, 64])
})

test('a folder keeps its order and gets names that are safe and different', async () => {
  const { key } = (await studio.upload(token, await picture(9))).body
  const names = ['b.png', '../b.png', 'B.png', 'sub\\a.png', '\u0007']
  const json = { name: 'my/folder', items: names.map((name) => ({ name, key })) }
  const made = await studio.call('POST', '/api/v1/collections', { token, json })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ count: 5, name: 'my folder' })
  const manifest = JSON.parse(
    Buffer.from(await studio.artifacts.get(made.body.key)).toString(),
  ) as typeof made.body
  expect(manifest.items.map((item) => item.name)).toEqual([
    'b.png',
    'b (2).png',
    'B (3).png',
    'sub/a.png',
    'unnamed',
  ])
})

test('an empty folder and one with unknown pictures are refused', async () => {
  const empty = await studio.call('POST', '/api/v1/collections', { token, json: { name: 'x', items: [] } })
  expect(empty.status).toBe(422)
  expect(empty.body.detail).toContain('empty')
  const items = [{ name: 'a.png', key: 'e'.repeat(64) }]
  const unknown = await studio.call('POST', '/api/v1/collections', { token, json: { name: 'x', items } })
  expect(unknown.status).toBe(422)
  expect(unknown.body.problems[0]?.field).toBe('items.0.key')
})
