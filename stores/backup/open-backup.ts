/** Opens a backup, and looks at every byte of it before anything is done with it. */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { artifactPart, backupFormat, Manifest, ManifestHead, manifestPart, tablePart } from './manifest.ts'
import { BackupRefusal } from './refuse-backup.ts'

export interface OpenedBackup {
  manifest: Manifest
  /** @param part a name of the manifest. */
  read(part: string): Promise<Readable>
  /** Reads everything and compares the hashes. @throws BackupRefusal that names the damaged part. */
  verify(): Promise<void>
  close(): void
}

/** A manifest names a million artifacts in less. */
const largestManifest = 256 * 2 ** 20

/** @throws BackupRefusal when it is no backup, is damaged, or was written by a newer studio. */
export async function openBackup(file: string): Promise<OpenedBackup> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw new BackupRefusal(`${file} is no backup, or it is damaged or not whole: ${messageOf(error)}`)
  })
  try {
    const entries = await readEntries(zip)
    const read = async (part: string) => {
      const entry = entries.get(part)
      if (!entry) throw new BackupRefusal(`${file} is damaged: the part ${part} is missing.`)
      return zip.openReadStreamPromise(entry)
    }
    const manifest = await readManifest(file, entries.get(manifestPart), read)
    return { manifest, read, verify: () => verify(file, manifest, read), close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function readEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry)
      zip.readEntry()
    })
    zip.once('end', resolve)
    zip.once('error', (error: unknown) =>
      reject(new BackupRefusal(`The backup is damaged: ${messageOf(error)}`)),
    )
    zip.readEntry()
  })
  return entries
}

async function readManifest(
  file: string,
  entry: Entry | undefined,
  read: OpenedBackup['read'],
): Promise<Manifest> {
  if (!entry || entry.uncompressedSize > largestManifest)
    throw new BackupRefusal(
      `${file} is no backup of a studio, or it is not whole: it has no ${manifestPart}.`,
    )
  const chunks: Buffer[] = []
  let value: unknown
  try {
    for await (const chunk of await read(manifestPart)) chunks.push(chunk as Buffer)
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (error) {
    throw new BackupRefusal(`${file} is damaged: ${manifestPart} cannot be read (${messageOf(error)}).`)
  }
  const head = ManifestHead.safeParse(value)
  if (!head.success) throw new BackupRefusal(`${file} is no backup of a studio.`)
  if (head.data.format > backupFormat)
    throw new BackupRefusal(
      `${file} was written by studio ${head.data.version}, which is newer than this one: it has format ${head.data.format}, and this studio reads ${backupFormat}. Update the studio first.`,
    )
  const manifest = Manifest.safeParse(value)
  if (!manifest.success)
    throw new BackupRefusal(`${file} is damaged: ${manifestPart} is not as it was written.`)
  return manifest.data
}

async function verify(file: string, manifest: Manifest, read: OpenedBackup['read']): Promise<void> {
  const parts = [
    ...manifest.tables.map(({ name, sha256 }) => ({ part: tablePart(name), sha256 })),
    ...manifest.artifacts.keys.map((key) => ({ part: artifactPart(key), sha256: key })),
  ]
  for (const { part, sha256 } of parts) {
    const hash = createHash('sha256')
    try {
      for await (const chunk of await read(part)) hash.update(chunk as Buffer)
    } catch (error) {
      if (error instanceof BackupRefusal) throw error
      throw new BackupRefusal(
        `${file} is damaged: ${part} cannot be read (${messageOf(error)}). Nothing was changed.`,
      )
    }
    if (hash.digest('hex') !== sha256)
      throw new BackupRefusal(`${file} is damaged: ${part} is not what was written. Nothing was changed.`)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
