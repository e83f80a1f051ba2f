/** What was known of each file when a model was installed: its whole hash, and where the model came from. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Hidden, so that it is no part of what it describes. */
const manifestName = '.studio-model.json'

const FileRecord = z.object({ size: z.int(), mtimeMs: z.number(), sha256: z.string().length(64) })
export type FileRecord = z.infer<typeof FileRecord>

const Manifest = z.object({
  version: z.literal(1),
  /** Such as `hub:owner/name@commit`; null for a folder that nobody installed. */
  origin: z.string().nullable(),
  installedAt: z.iso.datetime().nullable(),
  /** By path below the folder. */
  files: z.record(z.string(), FileRecord),
})
export type Manifest = z.infer<typeof Manifest>

/** The folder's manifest; null when there is none or it cannot be read: it is only a memory. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return Manifest.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')))
  } catch {
    return null
  }
}

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Reads the whole file once. @throws the signal's reason */
export async function recordFile(file: string, signal?: AbortSignal): Promise<FileRecord> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20, signal }))
    hash.update(chunk as Buffer)
  const { size, mtimeMs } = await stat(file)
  return { size, mtimeMs, sha256: hash.digest('hex') }
}
