/** Builds what has changed: one bundle per process, the workflow bundle, the page. Does nothing when nothing changed. */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { BUILD_PARTS } from './build-parts.mjs'
import { execFileText } from './exec-file.mjs'
import { withLock } from './lock-file.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { sourceHash } from './source-hash.mjs'

/** Builds the named parts (all by default) unless their sources are as they were. Needs `prepare` before. */
export async function build({ parts = Object.keys(BUILD_PARTS), report = console.log } = {}) {
  const missing = parts.filter((part) => !fs.existsSync(path.join(ROOT, BUILD_PARTS[part].entry)))
  if (missing.length > 0) {
    throw new Error(
      `Nothing to build for ${missing.join(', ')}: ${missing.map((part) => BUILD_PARTS[part].entry).join(', ')} missing.`,
    )
  }
  if (parts.every(isFresh)) return
  await withLock(path.join(ROOT, '.data', 'build.lock'), async () => {
    for (const part of parts) {
      if (!isFresh(part)) await buildPart(part, report)
    }
  })
}

const stampFile = (part) => path.join(ROOT, 'dist', 'stamps', part)

function isFresh(part) {
  const stamp = stampFile(part)
  const output = path.join(ROOT, BUILD_PARTS[part].output)
  return fs.existsSync(output) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hashOf(part)
}

function hashOf(part) {
  const own = ['build.mjs', 'build-parts.mjs', 'bundle-process.mjs', 'bundle-workflows.mjs']
  const extra = [...own.map((file) => path.join(ROOT, 'scripts', file)), path.join(ROOT, 'package-lock.json')]
  return sourceHash(ROOT, BUILD_PARTS[part].rooms, extra)
}

async function buildPart(part, report) {
  const { entry, output } = BUILD_PARTS[part]
  // Taken before the build: an edit made meanwhile must lead to another build.
  const hash = hashOf(part)
  const began = Date.now()
  fs.mkdirSync(path.join(ROOT, 'dist', 'stamps'), { recursive: true })
  try {
    if (part === 'editor') await buildEditor(report)
    else if (part === 'workflow-bundle') await node(['scripts/bundle-workflows.mjs', entry, output])
    else await bundle(part)
  } catch (error) {
    throw new Error(`${part} could not be built: ${error.message}`, { cause: error })
  }
  fs.writeFileSync(stampFile(part), hash)
  report(`Build: ${part} in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

async function bundle(part) {
  const { bundleProcess } = await import('./bundle-process.mjs')
  const { entry, output } = BUILD_PARTS[part]
  await bundleProcess({ root: ROOT, entry, output })
  // The command is also a package of its own, installed without this repository.
  if (part === 'cli') {
    await bundleProcess({
      root: ROOT,
      entry,
      output: 'cli/dist/defect-studio.js',
      banner: '#!/usr/bin/env node',
    })
  }
}

async function buildEditor(report) {
  report('Build: editor, up to a minute')
  await node(['node_modules/vite/bin/vite.js', 'build', 'editor', '--logLevel', 'warn'])
}

const node = (args) => execFileText(process.execPath, args, { cwd: ROOT })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await prepare()
    const parts = process.argv.slice(2)
    await build(parts.length > 0 ? { parts } : {})
    console.log('Build: up to date')
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
