/** Sends the pictures of a folder and makes a collection of those that the studio could use. */
import { maxCollectionItems, type NamedCollection } from '@defect-studio/nodes'
import { request } from '../api/client.ts'
import { uploadPicture } from '../api/picture-query.ts'
import type { Collection } from '../api/types.ts'

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

/** Three at a time keep the line busy without holding many pictures in memory. */
const atOnce = 3

export async function uploadFolder(
  files: readonly File[],
  words: FolderWords,
  onProgress: (done: number, total: number) => void,
): Promise<FolderUpload> {
  const pictures = files.filter(looksLikePicture).sort((a, b) => pathOf(a).localeCompare(pathOf(b)))
  const refused = files
    .filter((file) => !looksLikePicture(file))
    .map((file) => ({ name: pathOf(file), reason: words.notPicture }))
  for (const file of pictures.splice(maxCollectionItems))
    refused.push({ name: pathOf(file), reason: words.tooMany })

  const keys = new Map<File, string>()
  const waiting = [...pictures]
  let done = 0
  onProgress(0, pictures.length)
  const work = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      try {
        keys.set(file, (await uploadPicture(file, file.name)).key)
      } catch (error) {
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
  const made = await request<Collection>('POST', '/collections', { body: { name: folderName(files), items } })
  const { key, mediaType, bytes, count, name } = made
  return { folder: { key, mediaType, bytes, count, name }, refused }
}

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
