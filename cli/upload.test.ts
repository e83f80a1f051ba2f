/** Whole folders over a real connection: few at a time, tried again when the studio is away, and refused with reasons. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from './connection.ts'
import { uploadFolder } from './upload.ts'

/** @param answer a status for the nth upload; 201 when it says nothing. */
async function startStudio(answer: (nth: number) => number | undefined = () => undefined) {
  const seen = { uploads: 0, open: 0, most: 0, names: [] as string[] }
  const server = createServer(async (request, response) => {
    if (request.url === '/api/v1/collections') {
      const { items } = JSON.parse(await text(request)) as { items: { name: string }[] }
      seen.names = items.map(({ name }) => name)
      const made = { key: 'c'.repeat(64), mediaType: 'x', bytes: 1, count: items.length, name: 'parts' }
      return response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(made))
    }
    seen.most = Math.max(seen.most, ++seen.open)
    const status = answer(seen.uploads++)
    await text(request)
    seen.open--
    const about = { mediaType: 'image/png', bytes: 1, width: 1, height: 1, name: 'x' }
    const body = status ? { title: `status ${status}` } : { key: String(seen.uploads), ...about }
    return response.writeHead(status ?? 201, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'key' }
  return { seen, address, client: connect(address) }
}

async function folderOf(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'upload-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (let index = 0; index < count; index++) await writeFile(join(folder, `part${index}.png`), 'x')
  return folder
}

test('sends every picture, four at a time, and keeps their order: 2 before 10', async () => {
  const { seen, address, client } = await startStudio()
  const { collection } = await uploadFolder(client, address, await folderOf(100), () => {})
  expect(collection.count).toBe(100)
  expect(seen.most).toBeLessThanOrEqual(4)
  expect([seen.names[2], seen.names[99]]).toEqual(['part2.png', 'part99.png'])
})

test('sends a picture again when the studio is away for a moment', async () => {
  const { seen, address, client } = await startStudio((nth) => (nth === 0 ? 503 : undefined))
  const { collection } = await uploadFolder(client, address, await folderOf(2), () => {})
  expect([collection.count, seen.uploads]).toEqual([2, 3])
})

test('names every file that is refused, and makes no folder', async () => {
  const { seen, address, client } = await startStudio((nth) => (nth === 0 ? 422 : undefined))
  await expect(uploadFolder(client, address, await folderOf(3), () => {})).rejects.toMatchObject({
    message: expect.stringContaining('1 of 3 files') as string,
    details: [expect.stringContaining('status 422') as string],
  })
  expect([seen.uploads, seen.names]).toEqual([3, []])
})
