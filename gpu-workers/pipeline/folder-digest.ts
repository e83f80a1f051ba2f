/** Names a model by its bytes, so that two servers can tell whether they hold the same one. */
import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'

// A whole hash of a 4 GB checkpoint takes seconds on each start. Files beyond this size are known by their size, first
// and last megabyte: enough to tell models apart, not to prove that nobody tampered with them.
const WHOLE_UP_TO = 64 * 2 ** 20
const END = 2 ** 20

/** A function that gives a folder's bytes and digest; it reads a file again only when its size or time has changed. */
export function createFolderDigest(): (folder: string) => Promise<{ bytes: number; digest: string }> {
  const known = new Map<string, { size: number; mtimeMs: number; hash: string }>()

  async function hashOf(file: string): Promise<{ size: number; hash: string }> {
    const { size, mtimeMs } = await stat(file)
    const before = known.get(file)
    if (before?.size === size && before.mtimeMs === mtimeMs) return before
    const hash = await hashFile(file, size)
    known.set(file, { size, mtimeMs, hash })
    return { size, hash }
  }

  return async (folder) => {
    const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name))
    const total = createHash('sha256')
    let bytes = 0
    for (const file of files.toSorted()) {
      const { size, hash } = await hashOf(file)
      total.update(`${relative(folder, file).replaceAll('\\', '/')} ${size} ${hash}\n`)
      bytes += size
    }
    return { bytes, digest: total.digest('hex') }
  }
}

async function hashFile(file: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  const handle = await open(file)
  try {
    const parts = size <= WHOLE_UP_TO ? [[0, size]] : [[0, END], [size - END, END]] // prettier-ignore
    for (const [from, length] of parts) {
      for (let at = from!; at < from! + length!; at += END) {
        const chunk = Buffer.alloc(Math.min(END, from! + length! - at))
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
        hash.update(chunk.subarray(0, bytesRead))
      }
    }
  } finally {
    await handle.close()
  }
  return hash.digest('hex')
}
