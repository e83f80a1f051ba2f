/** The package of the command line holds a program that runs. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'

const run = promisify(execFile)
const cli = path.join(import.meta.dirname, '../cli')

test('packs one executable file that knows its commands', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--foreground-scripts=false'], {
    cwd: cli,
  })
  const Packed = z.object({ files: z.array(z.object({ path: z.string() })) })
  // npm 10 and 11 print a list; npm 12 an object by package name.
  const printed: unknown = JSON.parse(stdout)
  const packed = z.union([z.array(Packed), z.record(z.string(), Packed)]).parse(printed)
  const files = Object.values(packed).flatMap((one) => one.files.map((file) => file.path))
  expect(files).toContain('dist/defect-studio.js')
  const help = await run(process.execPath, [path.join(cli, 'dist/defect-studio.js'), '--help'])
  for (const command of ['run', 'login', 'graphs', 'runs', 'nodes', 'keys', 'tokens'])
    expect(help.stdout).toContain(command)
})
