/** `npm run bench -- NAME [options]`: measures one thing; bench/NAME.ts says what, and its last line is JSON. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { prepare, ROOT } from './prepare.mjs'
import { isPythonReady, pythonProgram } from './setup-python.mjs'
import { STEADY_MEMORY } from './steady-memory.mjs'

const [name, ...args] = process.argv.slice(2)
const names = fs
  .readdirSync(path.join(ROOT, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))

if (!names.includes(name)) {
  console.error(`Name one of ${names.join(', ')}, not "${name ?? ''}".`)
  process.exit(1)
}
// Standard output belongs to the bench. What bundles comes with the dependencies.
await prepare({ report: console.error })
const { bundleProcess } = await import('./bundle-process.mjs')
const output = `dist/bench/${name}.js`
await bundleProcess({ root: ROOT, entry: `bench/${name}.ts`, output })
const python = process.env.PYTHON ?? (isPythonReady() ? pythonProgram() : 'python3')
const child = spawn(process.execPath, ['--enable-source-maps', path.join(ROOT, output), ...args], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  // Memory is looked at as in the worker.
  env: { ...(name === 'memory' ? STEADY_MEMORY : {}), ...process.env, PYTHON: python },
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => (process.exitCode = code ?? 1))
