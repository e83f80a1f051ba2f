/** Reads folders of this machine that were opened to graphs, and never anything outside of them. */
import { constants } from 'node:fs'
import { open, opendir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { climbs, maxCollectionItems, StudioError } from '@defect-studio/nodes'
import { pictureLimits } from '../artifacts/inspect-picture.ts'
import { byPath, picturePattern } from './picture-pattern.ts'
import type { SourceRoot } from './source-config.ts'
import { SourceRefusal } from './source-refusal.ts'

/** A folder with more files than this is not walked to its end, whatever the pattern leaves of it. */
const mostEntries = 2_000_000

export interface FolderQuestion {
  /** Below the root, with forward slashes; empty for the root itself. */
  path: string
  pattern: string
  recursive: boolean
}

/**
 * Files that fit, in the order of their names (2 before 10). `path` is below the root, `name` below the folder. Links
 * are followed to files inside the root; all others are passed over, and so are links to folders.
 * @throws SourceRefusal
 */
export async function listServerFolder(
  root: SourceRoot,
  question: FolderQuestion,
): Promise<{ path: string; name: string }[]> {
  const base = await realpath(root.folder).catch((cause: unknown) => {
    throw new SourceRefusal(
      {
        field: 'root',
        message: `The server folder "${root.name}" cannot be read (${reason(cause)}).`,
        remedy: 'Whoever runs the studio can see to it that it is there, for the API and the workers.',
      },
      cause,
    )
  })
  const start = await insideOf(base, question.path).catch((cause: unknown) => {
    throw new SourceRefusal(
      {
        field: 'path',
        message: `There is no folder "${question.path}" in "${root.name}".`,
        remedy: 'Correct the path, or leave it empty.',
      },
      cause,
    )
  })
  const isMeant = picturePattern(question.pattern)
  const found: { path: string; name: string }[] = []
  const waiting = [start]
  let seen = 0
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for await (const entry of await openFolder(root, base, folder)) {
      if (++seen > mostEntries) throw tooMany(root, `more than ${mostEntries} files`)
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (question.recursive) waiting.push(file)
        continue
      }
      const name = slashed(path.relative(start, file))
      if (!isMeant(name) || !(entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(base, file)))))
        continue
      if (found.length >= maxCollectionItems) throw tooMany(root, `more than ${maxCollectionItems} pictures`)
      found.push({ path: slashed(path.relative(base, file)), name })
    }
  }
  return found.sort(byPath)
}

/**
 * The bytes of one file below the root.
 * @throws StudioError 'invalid-input' in words for whoever chose the folder.
 */
export async function readServerPicture(root: SourceRoot, file: string): Promise<Uint8Array> {
  const gone = (why: string, cause?: unknown) =>
    new StudioError('invalid-input', `"${file}" of the server folder "${root.name}" ${why}`, { cause })
  const target = await realpath(root.folder)
    .then((base) => insideOf(base, file))
    .catch((cause: unknown) => {
      if (cause instanceof OutsideError) throw gone('leads out of that folder, so it is not read.', cause)
      throw gone(`is no longer there or cannot be read (${reason(cause)}).`, cause)
    })
  // Without waiting: a pipe of this name would never give a byte.
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (cause: unknown) => {
      throw gone(`cannot be read (${reason(cause)}).`, cause)
    },
  )
  try {
    const about = await handle.stat()
    if (!about.isFile()) throw gone('is no longer a file.')
    if (about.size > pictureLimits.maxBytes)
      throw gone(
        `has ${Math.ceil(about.size / 1e6)} MB; at most ${Math.floor(pictureLimits.maxBytes / 1e6)} MB are read.`,
      )
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

class OutsideError extends Error {}

/** The true place of a path below the folder; throws when that is not below it. */
async function insideOf(base: string, below: string): Promise<string> {
  if (climbs(below) || below.includes('\0')) throw new OutsideError('The path leads out of the folder.')
  const target = await realpath(path.join(base, below))
  if (!isInside(base, target)) throw new OutsideError('The path leads out of the folder.')
  return target
}

const isInside = (base: string, target: string) =>
  target === base || target.startsWith(base.endsWith(path.sep) ? base : base + path.sep)

async function leadsToFile(base: string, link: string): Promise<boolean> {
  try {
    const target = await realpath(link)
    return isInside(base, target) && (await stat(target)).isFile()
  } catch {
    return false
  }
}

async function openFolder(root: SourceRoot, base: string, folder: string) {
  try {
    return await opendir(folder)
  } catch (cause) {
    throw new SourceRefusal(
      {
        field: 'path',
        message: `The folder "${slashed(path.relative(base, folder)) || '.'}" in "${root.name}" cannot be read (${reason(cause)}).`,
        remedy: 'Let the studio read it, or choose another folder.',
      },
      cause,
    )
  }
}

const tooMany = (root: SourceRoot, what: string) =>
  new SourceRefusal({
    code: 'too-many-items',
    field: 'path',
    message: `This folder of "${root.name}" has ${what}.`,
    remedy: 'Choose a folder inside it, or a pattern that fits fewer files.',
  })

/** The operating system's code alone: its message has the whole path, which is nobody's business. */
const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'not readable'

const slashed = (text: string) => text.split(path.sep).join('/')
