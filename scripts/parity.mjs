/**
 * `npm run parity [-- --model NAME] [--sampler NAME]`: draws pictures with diffusers on PyTorch and with our pipeline
 * from the same weights and seeds, and compares. Both options may be given more than once. What diffusers has drawn is
 * kept in the cache folder, so that a run that was stopped goes on. Ends with 1 when a bound is broken.
 */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { bundleProcess } from './bundle-process.mjs'
import { cacheFolder } from './cache-folder.mjs'
import { prepare, ROOT } from './prepare.mjs'
import { setupPython } from './setup-python.mjs'

const args = process.argv.slice(2)
const folder = path.join(cacheFolder(), 'parity')
const output = 'dist/parity.js'

try {
  await prepare({ report: console.error })
  const python = process.env.PYTHON ?? (await setupPython({ report: console.error }))
  await run(python, ['-B', path.join(ROOT, 'gpu-workers', 'goldens', 'parity.py'), '--out', folder, ...args])
  await bundleProcess({ root: ROOT, entry: 'gpu-workers/parity/compare.ts', output })
  await run(process.execPath, ['--enable-source-maps', path.join(ROOT, output), '--from', folder, ...args])
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

function run(program, programArgs) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArgs, { cwd: ROOT, stdio: 'inherit', windowsHide: true })
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal))
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`${path.basename(program)} ended with ${code}.`)),
    )
  })
}
