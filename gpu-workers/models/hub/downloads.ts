/** Where downloads lie until they are whole: a hidden folder for each commit, so that a later try goes on from there. */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InstallError } from '@defect-studio/nodes'
import { isProcessAlive } from '../process-alive.ts'

export type DownloadFolder = {
  readonly folder: string
  /** Lets others use it; what has come stays for the next try. */
  readonly close: () => Promise<void>
  /** Deletes it. */
  readonly discard: () => Promise<void>
}

const KEPT_MS = 7 * 24 * 3600 * 1000

/** @throws InstallError 'busy' while another process downloads the same */
export async function openDownloads(
  modelsDir: string,
  hubId: string,
  commit: string,
): Promise<DownloadFolder> {
  const parent = join(modelsDir, '.downloads')
  await mkdir(parent, { recursive: true })
  await forgetOld(parent)
  const name = createHash('sha256').update(`${hubId}@${commit}`).digest('hex').slice(0, 20)
  const folder = join(parent, name)
  const lock = join(parent, `${name}.lock`)
  await takeLock(lock, hubId)
  await mkdir(folder, { recursive: true })
  return {
    folder,
    close: () => rm(lock, { force: true }),
    async discard() {
      await rm(folder, { recursive: true, force: true })
      await rm(lock, { force: true })
    },
  }
}

async function takeLock(lock: string, hubId: string): Promise<void> {
  try {
    const handle = await open(lock, 'wx')
    await handle.write(String(process.pid))
    await handle.close()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    if (isProcessAlive(Number(await readFile(lock, 'utf8').catch(() => '0'))))
      throw new InstallError('busy', `${hubId} is being downloaded already. Wait for that one to end.`)
    await rm(lock, { force: true })
    await takeLock(lock, hubId)
  }
}

/** What nobody has come back for within a week. */
async function forgetOld(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory() && Date.now() - found.mtimeMs > KEPT_MS)
      await rm(path, { recursive: true, force: true })
  }
}
