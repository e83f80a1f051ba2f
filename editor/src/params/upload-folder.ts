/** Sends the pictures of a folder and makes a collection of those that the studio could use. */
import { maxCollectionItems, type NamedCollection } from '@defect-studio/nodes'
import { answer, api, ApiError, fileForm } from '../api/client.ts'

export interface RefusedFile {
  name: string
  reason: string
}

export interface FolderUpload {
  folder: NamedCollection | null
  refused: RefusedFile[]
}

export interface FolderWords {
  notPicture: string
  tooMany: string
}

export interface FolderProgress {
  onProgress(done: number, total: number): void
  /** Stops the upload: what is under way is cut, and the promise rejects. */
  signal: AbortSignal
  /** Waits between two attempts; tests need not wait. */
  pause?: (milliseconds: number) => Promise<void>
}

/** Three at a time keep the line busy without holding many pictures in memory. */
const atOnce = 3

/** How often a picture is sent: of ten thousand some meet a restart or a moment without a line. */
const attempts = 4

export async function uploadFolder(
  files: readonly File[],
  words: FolderWords,
  { onProgress, signal, pause = wait }: FolderProgress,
): Promise<FolderUpload> {
  const pictures = files.filter(looksLikePicture)
  const places = new Map(pictures.map((file) => [file, pathOf(file)]))
  const compare = new Intl.Collator('en', { numeric: true }).compare
  pictures.sort((a, b) => compare(places.get(a) ?? '', places.get(b) ?? ''))
  const refused = files
    .filter((file) => !looksLikePicture(file))
    .map((file) => ({ name: pathOf(file), reason: words.notPicture }))
  for (const file of pictures.splice(maxCollectionItems))
    refused.push({ name: pathOf(file), reason: words.tooMany })

  const keys = new Map<File, string>()
  let next = 0
  let done = 0
  onProgress(0, pictures.length)
  const work = async () => {
    for (let file = pictures[next++]; file; file = pictures[next++]) {
      try {
        keys.set(file, await sendPicture(file, signal, pause))
      } catch (error) {
        signal.throwIfAborted()
        refused.push({ name: pathOf(file), reason: error instanceof Error ? error.message : String(error) })
      }
      onProgress(++done, pictures.length)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))

  const items = pictures.flatMap((file) => {
    const key = keys.get(file)
    return key ? [{ name: pathOf(file), key }] : []
  })
  if (items.length === 0) return { folder: null, refused }
  const body = { name: folderName(files), items }
  const made = await answer(api.POST('/api/v1/collections', { body, signal }))
  const { key, mediaType, bytes, count, name } = made
  return { folder: { key, mediaType, bytes, count, name }, refused }
}

/** Unlike a single picture it is not remembered for the page: nobody looks at ten thousand. */
async function sendPicture(
  file: File,
  signal: AbortSignal,
  pause: (milliseconds: number) => Promise<void>,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      // One of its own for each: ten thousand requests would stay listed at the one of the folder.
      const own = AbortSignal.any([signal])
      const sent = { body: { file }, bodySerializer: fileForm(file.name), signal: own }
      return (await answer(api.POST('/api/v1/artifacts', sent))).key
    } catch (error) {
      // Refused for what it is: another try changes nothing.
      const isFinal = error instanceof ApiError && error.status < 500 && error.status !== 429
      if (isFinal || attempt >= attempts || signal.aborted) throw error
      await pause(500 * 2 ** attempt)
    }
  }
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** The place in the chosen folder, without the folder's own name; a lone file has only its name. */
function pathOf(file: File): string {
  const [, ...rest] = file.webkitRelativePath.split('/')
  return rest.length > 0 ? rest.join('/') : file.name
}

function folderName(files: readonly File[]): string {
  return files[0]?.webkitRelativePath.split('/')[0] || `${files.length} files`
}

/** Browsers know no media type for some TIFF and BMP files. */
function looksLikePicture(file: File): boolean {
  return file.type.startsWith('image/') || /\.(tiff?|bmp)$/i.test(file.name)
}
