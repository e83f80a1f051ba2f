/** One hash over all sources of some rooms, so that nothing is built twice and nothing stale is run. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const SOURCE = /\.(ts|tsx|mjs|js|css|html|json|svg)$/
const NOT_BUILT = /\.(test|test-support|fixtures)\.tsx?$/
const SKIPPED_FOLDERS = new Set([
  'node_modules',
  'dist',
  'histories',
  'goldens',
  'python',
  'weights',
  'migrations',
  'e2e',
])

/** Files that a build of these rooms may read, sorted. */
export function sourceFiles(root, rooms) {
  return rooms.flatMap((room) => walk(path.join(root, room))).sort()
}

/** @param {string[]} extraFiles files that change the outcome too, such as the lock file. */
export function sourceHash(root, rooms, extraFiles = []) {
  const hash = createHash('sha256')
  for (const file of [...sourceFiles(root, rooms), ...extraFiles]) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function walk(folder) {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : walk(file)
    return SOURCE.test(entry.name) && !NOT_BUILT.test(entry.name) ? [file] : []
  })
}
