/** Writes what a run's declared outputs hold into a folder, under the names of the inputs. */
import { createWriteStream } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { type Address, connect, reach, refusal, unwrap } from './connection.ts'
import type { RunDetail } from './follow-run.ts'
import { outputPath, untaken } from './output-path.ts'

export interface SavedFile {
  output: string
  name: string
  path: string
}

/** Downloads every item of every output; files appear whole or not at all. Existing files are replaced. */
export async function saveOutputs(address: Address, run: RunDetail, folder: string): Promise<SavedFile[]> {
  const saved: SavedFile[] = []
  const taken = new Set<string>()
  for (const output of run.outputs)
    for (const item of await everyItem(address, run.id, output)) {
      const mediaType = item.image ? item.image.mediaType : 'text/plain'
      const path = untaken(outputPath(folder, output.name, item.name, mediaType), taken)
      await mkdir(dirname(path), { recursive: true })
      if (item.image) await download(address, item.image.key, path)
      else await writeFile(path, item.text ?? String(item.number ?? ''))
      saved.push({ output: output.name, name: item.name, path })
    }
  return saved
}

type Output = RunDetail['outputs'][number]

/** A long list comes with the run only in part; the whole is read page by page. */
async function everyItem(address: Address, runId: string, output: Output): Promise<Output['items']> {
  if (output.items.length >= output.total) return output.items
  const client = connect(address)
  const read = async (from: number | null) =>
    unwrap(
      await client.GET('/api/v1/runs/{id}/outputs/{name}', {
        params: {
          path: { id: runId, name: output.name },
          query: { limit: 500, ...(from === null ? {} : { cursor: from }) },
        },
      }),
    )
  const items: Output['items'] = []
  let cursor: number | null = null
  do {
    const page = await read(cursor)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return items
}

async function download(address: Address, key: string, path: string): Promise<void> {
  const response = await reach(
    new Request(`${address.url}/api/v1/artifacts/${key}/content`, {
      headers: { Authorization: `Bearer ${address.apiKey ?? ''}` },
    }),
  )
  if (!response.ok || !response.body) throw refusal(response.status, await response.json().catch(() => null))
  const temporary = `${path}.${process.pid}.tmp`
  const body: ReadableStream = response.body
  await pipeline(Readable.fromWeb(body), createWriteStream(temporary))
  await rename(temporary, path)
}
