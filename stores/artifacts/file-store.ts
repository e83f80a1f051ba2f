/** Keeps artifacts in a folder, `<folder>/ab/cd/<key>`: what one machine needs and nothing more. */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import {
  access,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
} from 'node:fs/promises'
import path from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { artifactKey, isArtifactKey, missingArtifact } from './artifact-key.ts'
import type { SweepableStore } from './artifact-store.ts'

type WriteBytes = (file: FileHandle, bytes: Uint8Array) => Promise<void>

/**
 * @param folder made when the first artifact is stored; must be on one file system, for renames.
 * @param writeBytes how bytes reach an open file; tests give a disk that is full.
 */
export function createFileStore(
  folder: string,
  writeBytes: WriteBytes = (file, bytes) => file.writeFile(bytes),
): SweepableStore {
  let wasThere = false
  /** A folder that was there and is gone is a disk that is away: nothing in it is missing, and nothing is put beside it. */
  const refuseAway = async () => {
    const isThere = await access(folder).then(
      () => true,
      () => false,
    )
    if (wasThere && !isThere) throw unavailable(folder, new Error('it is not there any more'))
    wasThere ||= isThere
  }
  /** What reading failed with, as callers know it. */
  const whyUnreadable = async (key: string, error: unknown): Promise<StudioError> => {
    if (error instanceof StudioError) return error
    if (!isMissing(error)) return unavailable(folder, error)
    await refuseAway()
    return missingArtifact(key, error)
  }
  const pathOf = (key: string): string => {
    if (!isArtifactKey(key)) throw missingArtifact(key)
    return path.join(folder, key.slice(0, 2), key.slice(2, 4), key)
  }

  const has = async (key: string): Promise<boolean> => {
    if (!isArtifactKey(key)) return false
    return access(pathOf(key)).then(
      () => (wasThere = true),
      async (error: unknown) => {
        if (!isMissing(error)) throw unavailable(folder, error)
        await refuseAway()
        return false
      },
    )
  }

  return {
    has,

    async put(bytes) {
      const key = artifactKey(bytes)
      const stored = { key, bytes: bytes.byteLength }
      if (await isTouched(pathOf(key))) return stored
      await refuseAway()
      try {
        await writeWhole(folder, pathOf(key), bytes, writeBytes)
      } catch (error) {
        throw unavailable(folder, error)
      }
      wasThere = true
      return stored
    },

    async get(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        throw await whyUnreadable(key, error)
      }
    },

    async open(key, range) {
      const stream = createReadStream(pathOf(key), range)
      // The caller learns now, not in the middle of its answer, that there is nothing to read.
      await new Promise<void>((resolve, reject) => {
        stream.once('open', () => resolve())
        stream.once('error', reject)
      }).catch(async (error: unknown) => {
        throw await whyUnreadable(key, error)
      })
      return stream
    },

    async delete(key) {
      await rm(pathOf(key), { force: true })
    },

    async *list() {
      for (const first of await foldersIn(folder))
        for (const second of await foldersIn(path.join(folder, first)))
          for (const key of await readdir(path.join(folder, first, second))) {
            const found = isArtifactKey(key) ? await stat(pathOf(key)).catch(() => null) : null
            if (found) yield { key, bytes: found.size, storedAt: found.mtime }
          }
    },
  }
}

/** Names of the folders by which keys are sorted; none when nothing was ever stored. */
async function foldersIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return names.filter((name) => /^[0-9a-f]{2}$/.test(name))
}

/** Says of what is there already that it is wanted now, so that no sweep takes it for something old. */
async function isTouched(file: string): Promise<boolean> {
  const now = new Date()
  return utimes(file, now, now).then(
    () => true,
    () => false,
  )
}

/** The bytes reach the disk under another name first: what has the right name is always whole. */
async function writeWhole(
  folder: string,
  target: string,
  bytes: Uint8Array,
  writeBytes: WriteBytes,
): Promise<void> {
  const temporary = path.join(folder, 'tmp', randomUUID())
  await mkdir(path.dirname(temporary), { recursive: true })
  await mkdir(path.dirname(target), { recursive: true })
  try {
    const file = await open(temporary, 'wx')
    try {
      await writeBytes(file, bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(path.dirname(target))
}

/** Makes the new name survive a power cut; Windows cannot open a folder and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function unavailable(folder: string, cause: unknown): StudioError {
  if (isFull(cause))
    return new StudioError(
      'unavailable',
      `The disk of the artifact folder ${folder} is full. Make room there; what failed is tried again.`,
      { cause },
    )
  const why = cause instanceof Error ? cause.message : String(cause)
  return new StudioError('unavailable', `The artifact folder ${folder} cannot be used: ${why}`, { cause })
}

/** Whether there was no room for more: on the disk, or in what this account may use of it. */
export function isFull(error: unknown): boolean {
  return (
    error instanceof Error &&
    (('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) || isFull(error.cause))
  )
}
