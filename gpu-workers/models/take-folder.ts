/** Copies what a model needs out of a folder of this machine; the folder itself is left as it is. */
import { constants, copyFile, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InstallError } from '@defect-studio/nodes'
import { filesBelow } from './check-files.ts'
import { requireRoom } from './disk-space.ts'
import { whyLeftOut } from './file-rules.ts'
import type { Unpacking } from './unpack-zip.ts'

/** A model has tens of files: whoever names a home folder is told so at once. */
const MOST_FILES = 5_000

/**
 * Links are followed, because downloads of the hub's own tools are folders of links.
 * @returns paths that were left out because they are pickles
 * @throws InstallError 'not-a-model' or 'disk-full'
 */
export async function takeFolder(
  source: string,
  target: string,
  { signal, onProgress }: Unpacking,
): Promise<string[]> {
  const found = await stat(source).catch(() => undefined)
  if (!found?.isDirectory())
    throw new InstallError(
      'not-a-model',
      `There is no folder ${source}. Name the folder that the model is in.`,
    )
  const paths = await filesBelow(source)
  if (paths.length > MOST_FILES)
    throw new InstallError('not-a-model', `${source} has ${paths.length} files, and a model has tens.`)
  const taken: { path: string; bytes: number }[] = []
  for (const path of paths.filter((one) => whyLeftOut(one) === null)) {
    const file = await stat(join(source, path)).catch(() => undefined)
    if (file?.isFile()) taken.push({ path, bytes: file.size })
  }
  const total = taken.reduce((sum, { bytes }) => sum + bytes, 0)
  await requireRoom(target, total)
  let done = 0
  for (const { path, bytes } of taken) {
    signal.throwIfAborted()
    onProgress(path, done, total)
    await mkdir(dirname(join(target, path)), { recursive: true })
    await copyFile(join(source, path), join(target, path), constants.COPYFILE_FICLONE)
    done += bytes
  }
  return paths.filter((path) => whyLeftOut(path) === 'pickle')
}
