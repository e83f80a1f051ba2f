/** Looks whether there is room before anything is written. */
import { statfs } from 'node:fs/promises'
import { InstallError } from '@defect-studio/nodes'

/** What stays free for everything else on the disk. */
const RESERVE = 256 * 2 ** 20

/** @throws InstallError 'disk-full' when fewer than `bytes` can be written below `folder`, which must exist. */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes + RESERVE) return
  throw new InstallError(
    'disk-full',
    `${gigabytes(bytes)} GB are needed in ${folder} and ${gigabytes(free)} GB are free. ` +
      'Make room, or name another folder in MODELS_DIR.',
  )
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1)
