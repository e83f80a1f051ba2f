/** Finds the pictures of a folder on this machine. */
import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { CommandError, exitCodes } from './exit-codes.ts'

export interface PictureFile {
  path: string
  /** Path below the folder with forward slashes: the item's name in the collection. */
  name: string
}

const extensions = new Set(['.png', '.jpg', '.jpeg', '.webp', '.tif', '.tiff', '.bmp'])

/** Pictures below `folder`, by name; `passedOver` lists what does not look like a picture. Links are not followed. */
export async function pictureFiles(
  folder: string,
): Promise<{ pictures: PictureFile[]; passedOver: string[] }> {
  const pictures: PictureFile[] = []
  const passedOver: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    const dot = entry.name.lastIndexOf('.')
    const extension = dot > 0 ? entry.name.slice(dot).toLowerCase() : ''
    if (extensions.has(extension)) pictures.push({ path, name })
    else passedOver.push(name)
  }
  // 2 before 10, as the studio orders lists.
  const byName = new Intl.Collator('en', { numeric: true }).compare
  pictures.sort((a, b) => byName(a.name, b.name))
  return { pictures, passedOver: passedOver.sort(byName) }
}

/** Whether the path is a file or a folder; a CommandError when it is neither. */
export async function kindOfPath(path: string): Promise<'file' | 'folder'> {
  let found
  try {
    found = await stat(path)
  } catch {
    throw new CommandError(exitCodes.usage, `There is no file or folder "${path}".`)
  }
  if (found.isDirectory()) return 'folder'
  if (found.isFile()) return 'file'
  throw new CommandError(exitCodes.usage, `"${path}" is neither a file nor a folder.`)
}
