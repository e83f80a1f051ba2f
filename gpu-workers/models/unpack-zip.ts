/** Unpacks a zip that a stranger may have made: only plain files, below the folder, of the size that they announce. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { InstallError } from '@defect-studio/nodes'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { requireRoom } from './disk-space.ts'
import { whyLeftOut } from './file-rules.ts'

/** A model has tens of files. */
const MOST_ENTRIES = 5_000
/** The largest Stable Diffusion folder in single precision is 5 GB; room for one in both precisions and more. */
const MOST_BYTES = 32 * 2 ** 30
/** Weights hardly shrink; deflate cannot shrink anything to less than a thousandth. Only small files may be dense. */
const MOST_DENSE = 200
const DENSE_FROM = 16 * 2 ** 20

export type Unpacking = {
  signal: AbortSignal
  onProgress: (path: string, done: number, total: number) => void
}

/**
 * @returns paths that were left out, such as pickles
 * @throws InstallError 'unsafe-zip' for what no zip of a model has, 'damaged-file' for one that cannot be read,
 *   'disk-full' before anything is written
 */
export async function unpackZip(
  file: string,
  folder: string,
  { signal, onProgress }: Unpacking,
): Promise<string[]> {
  const zip = await openZip(file)
  try {
    const entries = await readEntries(zip)
    const taken = entries.filter(({ fileName }) => !isFolder(fileName) && whyLeftOut(fileName) === null)
    const total = taken.reduce((sum, entry) => sum + entry.uncompressedSize, 0)
    await requireRoom(folder, total)
    let done = 0
    for (const entry of taken) {
      signal.throwIfAborted()
      const target = join(folder, entry.fileName)
      await mkdir(dirname(target), { recursive: true })
      let sum = 0
      const count = new Transform({
        transform(chunk: Buffer, _encoding, next) {
          done += chunk.length
          sum = crc32(chunk, sum)
          onProgress(entry.fileName, done, total)
          next(null, chunk)
        },
      })
      // yauzl itself ends with an error when there are more or fewer bytes than announced.
      const stream = await zip.openReadStreamPromise(entry)
      await pipeline(stream, count, createWriteStream(target, { flags: 'wx' }), { signal })
      if (sum !== entry.crc32)
        throw new InstallError('damaged-file', `${entry.fileName} is damaged in the zip. Make the zip again.`)
    }
    return entries.map(({ fileName }) => fileName).filter((name) => whyLeftOut(name) === 'pickle')
  } catch (error) {
    if (error instanceof InstallError || signal.aborted) throw error
    // What yauzl says of names that lead out of the folder.
    if (/absolute path|invalid relative path|invalid characters/.test(messageOf(error)))
      throw new InstallError('unsafe-zip', `The zip was not unpacked: it has an ${messageOf(error)}.`)
    throw new InstallError(
      'damaged-file',
      `The zip cannot be unpacked: ${messageOf(error)}. Send it again.`,
      {
        cause: error,
      },
    )
  } finally {
    zip.close()
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { autoClose: false, strictFileNames: true })
  } catch (error) {
    throw new InstallError('damaged-file', `This is no zip, or it is cut off: ${messageOf(error)}.`, {
      cause: error,
    })
  }
}

/** All entries, each of which could be written; nothing is written while this is not sure. */
async function readEntries(zip: ZipFile): Promise<Entry[]> {
  if (zip.entryCount > MOST_ENTRIES) throw unsafe(`it has ${zip.entryCount} files, and a model has tens`)
  const entries: Entry[] = []
  const seen = new Set<string>()
  let bytes = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName
    // Two names that differ in case alone are one file on some disks.
    const key = name.normalize('NFC').toLowerCase()
    if (seen.has(key)) throw unsafe(`it has ${name} twice`)
    seen.add(key)
    if (/[\p{Cc}<>:"|?*]/u.test(name) || name.split('/').some((part) => part === '.' || part === '..'))
      throw unsafe(`it has a file called ${JSON.stringify(name)}`)
    if (isLink(entry)) throw unsafe(`${name} is a link, and links can lead anywhere`)
    if (entry.isEncrypted()) throw unsafe(`${name} is locked with a password`)
    if (entry.uncompressedSize > DENSE_FROM && entry.uncompressedSize > MOST_DENSE * entry.compressedSize)
      throw unsafe(`${name} would grow from ${entry.compressedSize} to ${entry.uncompressedSize} bytes`)
    bytes += entry.uncompressedSize
    if (bytes > MOST_BYTES) throw unsafe(`it would unpack to more than ${MOST_BYTES / 2 ** 30} GiB`)
    entries.push(entry)
  }
  return entries
}

const isFolder = (name: string): boolean => name.endsWith('/')

/** Whoever packed it on Unix wrote the file's mode into the upper half; 0o120000 is a symbolic link. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000
}

function unsafe(why: string): InstallError {
  return new InstallError('unsafe-zip', `The zip was not unpacked: ${why}.`)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
