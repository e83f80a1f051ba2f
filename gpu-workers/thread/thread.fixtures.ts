/** Bundles a TypeScript file into one that a thread can run: Node 20 does not read TypeScript by itself. */
import fs from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../..')

/** @param entry relative to the repository. The bundle lies inside it, so that packages are found. */
export async function bundleThread(entry: string): Promise<{ file: string; remove: () => void }> {
  const { bundleProcess } = await import('../../scripts/bundle-process.mjs')
  const name = path.basename(entry).replace(/\.ts$/, '')
  const file = path.join(root, '.data', 'test', `${name}-${process.pid}.js`)
  await bundleProcess({ root, entry, output: path.relative(root, file) })
  return {
    file,
    remove() {
      for (const one of [file, `${file}.map`]) fs.rmSync(one, { force: true })
    },
  }
}
