/** Names a model by its bytes, so that two servers can tell whether they hold the same one. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { readManifest, recordFile, writeManifest, type FileRecord } from '../models/manifest.ts'

// Hashing a checkpoint of 4 GB takes seconds. Where a folder has files beyond this size and nobody has written down what
// they are, the hashes are kept beside them, so that the next start does not read them again.
const WORTH_KEEPING = 64 * 2 ** 20

/**
 * A function that gives a folder's bytes and digest. A file is read again only when its size or time is another than when
 * it was hashed last, here or at its installation.
 */
export function createFolderDigest(): (folder: string) => Promise<{ bytes: number; digest: string }> {
  const known = new Map<string, FileRecord>()

  async function recordOf(file: string, kept: FileRecord | undefined): Promise<FileRecord> {
    const { size, mtimeMs } = await stat(file)
    for (const before of [known.get(file), kept])
      if (before?.size === size && before.mtimeMs === mtimeMs) return before
    return recordFile(file)
  }

  return async (folder) => {
    const manifest = await readManifest(folder)
    const files: Record<string, FileRecord> = {}
    const total = createHash('sha256')
    let bytes = 0
    for (const path of await pathsBelow(folder)) {
      const file = join(folder, path)
      const record = await recordOf(file, manifest?.files[path])
      known.set(file, record)
      files[path] = record
      total.update(`${path} ${record.size} ${record.sha256}\n`)
      bytes += record.size
    }
    const isNews = Object.entries(files).some(
      ([path, { size, sha256 }]) => size > WORTH_KEEPING && manifest?.files[path]?.sha256 !== sha256,
    )
    if (isNews) {
      const origin = { origin: manifest?.origin ?? null, installedAt: manifest?.installedAt ?? null }
      // A folder that cannot be written to is hashed anew at each start.
      await writeManifest(folder, { version: 1, ...origin, files }).catch(() => undefined)
    }
    return { bytes, digest: total.digest('hex') }
  }
}

async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
}
