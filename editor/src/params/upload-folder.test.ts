/** Uploads of whole folders against a stand-in for the network: few at a time, tried again, and stopped at once. */
import { afterEach, expect, test, vi } from 'vitest'
import { uploadFolder } from './upload-folder.ts'

const words = { notPicture: 'not a picture', tooMany: 'too many' }
const bytes = new Uint8Array(4)
/** As a browser gives them when a folder is chosen. */
function chosen(name: string, type = 'image/png'): File {
  const file = new File([bytes], name.slice(name.lastIndexOf('/') + 1), { type })
  return Object.defineProperty(file, 'webkitRelativePath', { value: `parts/${name}` })
}

interface Network {
  uploads: number
  most: number
  collection: { name: string; items: { name: string; key: string }[] } | null
}

/** @param answer a status for the nth upload; 201 when it says nothing. */
function network(answer: (nth: number) => number | undefined = () => undefined): Network {
  const seen: Network = { uploads: 0, most: 0, collection: null }
  let open = 0
  vi.stubGlobal('fetch', async (request: Request): Promise<Response> => {
    request.signal.throwIfAborted()
    if (new URL(request.url).pathname === '/api/v1/collections') {
      seen.collection = (await request.json()) as Network['collection']
      const count = seen.collection?.items.length ?? 0
      const made = { key: 'c'.repeat(64), mediaType: 'x', bytes: 1, count, name: 'parts' }
      return Response.json(made, { status: 201 })
    }
    seen.most = Math.max(seen.most, ++open)
    const status = answer(seen.uploads++)
    await new Promise((resolve) => setImmediate(resolve))
    open--
    const name = /filename="([^"]+)"/.exec(await request.text())?.[1]
    return status === undefined
      ? Response.json({ key: `key of ${name}` }, { status: 201 })
      : Response.json({ title: `status ${status}` }, { status })
  })
  return seen
}
afterEach(() => vi.unstubAllGlobals())

const upload = (files: File[], signal = new AbortController().signal, onProgress = () => {}) =>
  uploadFolder(files, words, { onProgress, signal, pause: async () => {} })

test('sends two thousand pictures, three at a time, and keeps their order: 2 before 10', async () => {
  const seen = network()
  const files = Array.from({ length: 2_000 }, (_, index) => chosen(`line/${1_999 - index}.png`))
  const { folder, refused } = await upload(files)
  expect(folder?.count).toBe(2_000)
  expect(refused).toEqual([])
  expect(seen.most).toBe(3)
  const names = seen.collection?.items.map(({ name }) => name) ?? []
  expect([names[0], names[2], names[1_999]]).toEqual(['line/0.png', 'line/2.png', 'line/1999.png'])
})

test('sends a picture again when the studio is away, and lists what it refuses', async () => {
  const seen = network((nth) => (nth === 0 ? 503 : nth === 1 ? 422 : undefined))
  const { folder, refused } = await upload([chosen('a.png'), chosen('b.png'), chosen('c.txt', 'text/plain')])
  expect(folder?.count).toBe(1)
  expect(seen.uploads).toBe(3)
  expect(refused).toEqual([
    { name: 'c.txt', reason: 'not a picture' },
    { name: 'b.png', reason: 'status 422' },
  ])
})

test('gives up on a picture after four tries', async () => {
  const seen = network(() => 503)
  expect(await upload([chosen('a.png')])).toMatchObject({ folder: null, refused: [{ name: 'a.png' }] })
  expect(seen.uploads).toBe(4)
})

test('stops when it is told to, and makes no folder', async () => {
  const seen = network()
  const stopping = new AbortController()
  let done = 0
  const files = Array.from({ length: 100 }, (_, index) => chosen(`${index}.png`))
  const uploading = upload(files, stopping.signal, () => {
    if (++done === 10) stopping.abort()
  })
  await expect(uploading).rejects.toMatchObject({ name: 'AbortError' })
  expect(seen.uploads).toBeLessThan(20)
  expect(seen.collection).toBeNull()
})
