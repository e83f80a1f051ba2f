/** What is meant to break the API is refused in words: nothing here may be answered with 500. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import sharp from 'sharp'
import { picture, startTestStudio, type TestStudio } from './studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const graphWith = (params: unknown) => ({
  formatVersion: 2,
  nodes: [{ id: 'a', type: 'prompt', position: { x: 0, y: 0 }, params }],
  edges: [],
})
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  studio.call('POST', path, { token, body, headers: { 'content-type': 'application/json', ...headers } })

test.each(['/api/v1/graphs', '/api/v1/graphs/check', '/api/v1/runs'])(
  '%s refuses JSON that is nested without end',
  async (path) => {
    const depth = 200_000
    const deep = '['.repeat(depth) + ']'.repeat(depth)
    const graph = JSON.stringify(graphWith({ text: 0 })).replace('0}', `${deep}}`)
    const answer = await post(path, `{"name":"g","graph":${graph}}`, { 'idempotency-key': 'deep' })
    expect(answer.status).toBe(422)
    expect(answer.body.detail).toContain('levels')
  },
)

test('a number that the database cannot keep is refused, not tried', async () => {
  const path = '/api/v1/graphs/0190f3a1-0000-7000-8000-000000000000'
  const answer = await studio.call('PUT', path, { token, json: { revision: 2_463_575_318 } })
  expect(answer.status).toBe(422)
  expect(answer.body.detail).toBe('A number in the request is larger than what can be kept.')
})

test.each([
  ['NUL', 'a\0b'],
  ['half of a character', 'a\ud800b'],
])('a text with %s is refused with its place, not by the database', async (_what, text) => {
  const answer = await studio.call('POST', '/api/v1/graphs', {
    token,
    json: { name: 'g', graph: graphWith({ text }) },
  })
  expect([answer.status, answer.body.problems[0]?.field]).toEqual([422, 'graph.nodes.0.params.text'])
  const named = await studio.call('POST', '/api/v1/graphs', {
    token,
    json: { name: text, graph: graphWith({}) },
  })
  expect(named.status).toBe(422)
  const key = await studio.call('POST', '/api/v1/graphs', {
    token,
    json: { name: 'g', graph: graphWith({ [text]: 1 }) },
  })
  expect(key.status).toBe(422)
})

test('a search with NUL is refused', async () => {
  expect((await studio.call('GET', '/api/v1/images?q=a%00b', { token })).status).toBe(422)
})

test('a number beyond all numbers is refused', async () => {
  const graph = JSON.stringify(graphWith({ text: 0 })).replace('"text":0', '"text":1e999')
  expect((await post('/api/v1/graphs', `{"name":"g","graph":${graph}}`)).status).toBe(422)
})

test('a flood of unknown inputs is answered with a short problem', async () => {
  const flood = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`a${index}`, 0]))
  for (const given of [{ inputs: flood }, { params: flood }]) {
    const answer = await studio.call('POST', '/api/v1/runs', {
      token,
      json: { graph: graphWith({}), ...given },
    })
    expect(answer.status).toBe(422)
    expect(JSON.stringify(answer.body).length).toBeLessThan(2000)
  }
})

test('keys that name the machinery of JavaScript are values like others', async () => {
  const graph = JSON.stringify(graphWith({})).replace('"params":{}', '"params":{"__proto__":{"text":"x"}}')
  for (const path of ['/api/v1/graphs', '/api/v1/graphs/check', '/api/v1/runs'])
    expect(
      (await post(path, `{"name":"g","graph":${graph},"inputs":{"__proto__":{"admin":true}}}`)).status,
      path,
    ).toBeLessThan(500)
  expect(Object.hasOwn(Object.prototype, 'admin') || Object.hasOwn(Object.prototype, 'text')).toBe(false)
})

test('a key that was used for another issue or distribution of tokens is a clash', async () => {
  const me = await studio.db.member.findFirstOrThrow({ where: { loginId: 'owner' } })
  for (const [path, first, second] of [
    ['/api/v1/tokens/issue', { amount: 5 }, { amount: 6 }],
    ['/api/v1/tokens/distribute', { memberId: me.id, amount: 1 }, { memberId: me.id, amount: 2 }],
  ] as const) {
    const send = (json: unknown) =>
      studio.call('POST', path, { token, json, headers: { 'idempotency-key': 'the-same' } })
    expect((await send(first)).status).toBe(201)
    expect((await send(first)).status).toBe(201)
    const clash = await send(second)
    expect([clash.status, clash.body.code]).toEqual([409, 'idempotency-clash'])
    expect(clash.body.detail).not.toContain(me.id)
  }
})

test('amounts that are no whole number of tokens are refused', async () => {
  for (const amount of [-1, 0, 0.5, 1e30, '5', null])
    expect(
      (await studio.call('POST', '/api/v1/tokens/issue', { token, json: { amount } })).status,
      String(amount),
    ).toBe(422)
})

test('a bitmap has a thumbnail like every other picture', async () => {
  const { data, info } = await sharp(await picture(7))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const uploaded = await studio.upload(token, bitmap(data, info.width, info.height), 'a.bmp')
  expect(uploaded.status).toBe(201)
  const thumbnail = await fetch(studio.url + uploaded.body.thumbnailUrl)
  expect(thumbnail.status).toBe(200)
  const shown = await sharp(Buffer.from(await thumbnail.arrayBuffer())).metadata()
  expect([shown.width, shown.height]).toEqual([info.width, info.height])
})

test('what is no picture has no thumbnail', async () => {
  const { key } = (await studio.upload(token, await picture(9))).body
  const json = { name: 'f', items: [{ name: 'a.png', key }] }
  const folder = await studio.call('POST', '/api/v1/collections', { token, json })
  const answer = await studio.call('GET', `/api/v1/artifacts/${folder.body.key}/thumbnail`, { token })
  expect([answer.status, answer.body.code]).toEqual([404, 'not-found'])
})

/** 24 bits, rows from the bottom, each padded to 4 bytes. */
function bitmap(rgb: Buffer, width: number, height: number): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4
  const file = Buffer.alloc(54 + stride * height)
  file.write('BM')
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width * 3; x += 3) {
      const from = (height - 1 - y) * width * 3 + x
      for (let c = 0; c < 3; c++) file[54 + y * stride + x + c] = rgb[from + 2 - c] ?? 0
    }
  return file
}
