/** The hidden folder in which a model is put together, on the same disk as where it will be: it appears whole or not at all. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import os from 'node:os'
import { join } from 'node:path'
import { InstallError } from '@defect-studio/nodes'
import { isProcessAlive } from './process-alive.ts'

export type Staging = {
  readonly folder: string
  /** Moves a folder of the staging to where models are found. @throws InstallError 'already-installed' */
  readonly publish: (folder: string, id: string) => Promise<string>
  readonly discard: () => Promise<void>
}

// A name on another machine's disk cannot be told alive or dead, so it says whose it is.
const owner = os.hostname().replace(/[^A-Za-z0-9-]/g, '-')

export async function openStaging(modelsDir: string): Promise<Staging> {
  await mkdir(modelsDir, { recursive: true })
  await sweep(modelsDir)
  const folder = join(modelsDir, `.install-${owner}-${process.pid}-${randomBytes(4).toString('hex')}`)
  await mkdir(folder)
  return {
    folder,
    async publish(ready, id) {
      const target = join(modelsDir, id)
      try {
        await rename(ready, target)
      } catch (error) {
        if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOTDIR'].includes(codeOf(error))) throw alreadyInstalled(id)
        throw error
      }
      return target
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Takes a model out of the list at once, then deletes it. */
export async function discardModel(modelsDir: string, id: string): Promise<void> {
  const aside = join(modelsDir, `.install-${owner}-${process.pid}-${randomBytes(4).toString('hex')}`)
  await rename(join(modelsDir, id), aside)
  await rm(aside, { recursive: true, force: true })
}

export function alreadyInstalled(id: string): InstallError {
  return new InstallError(
    'already-installed',
    `There is a model "${id}" already. Remove it first, or install this one under another name.`,
  )
}

/** Deletes what installers of this machine left behind when they were killed. */
async function sweep(modelsDir: string): Promise<void> {
  for (const name of await readdir(modelsDir)) {
    const [, pid] = new RegExp(`^\\.install-${owner}-(\\d+)-[0-9a-f]+$`).exec(name) ?? []
    if (pid !== undefined && Number(pid) !== process.pid && !isProcessAlive(Number(pid)))
      await rm(join(modelsDir, name), { recursive: true, force: true })
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
