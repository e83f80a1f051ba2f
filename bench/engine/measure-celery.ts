/** The same number of tasks that do nothing, one for each item, on Celery and Redis: what the original system used. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { cacheFolder } from '../../scripts/cache-folder.mjs'
import { programOnPath } from '../../scripts/program-on-path.mjs'
import { root } from '../../scripts/e2e/studio.ts'

const run = promisify(execFile)
const folder = join(root, 'bench', 'engine')

const Rates = z.object({ items: z.int(), items_per_s: z.number(), with_handing_in_per_s: z.number() })
export type CeleryRates = z.infer<typeof Rates>

/** @param python what makes the environment when there is no `uv`; made once for each list of requirements. */
export async function measureCelery(items: number, python: string): Promise<CeleryRates> {
  const environment = await prepareEnvironment(python)
  const { stdout } = await run(join(environment, 'bin', 'python'), ['-B', 'celery_tasks.py', String(items)], {
    cwd: folder,
    timeout: 15 * 60_000,
  })
  return Rates.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
}

async function prepareEnvironment(python: string): Promise<string> {
  const requirements = join(folder, 'requirements.txt')
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const target = join(cacheFolder(), 'bench', `celery-${hash}`)
  if (existsSync(join(target, 'ready'))) return target
  rmSync(target, { recursive: true, force: true })
  const uv = programOnPath('uv')
  const interpreter = join(target, 'bin', 'python')
  if (uv) {
    await run(uv, ['venv', '--quiet', target])
    await run(uv, ['pip', 'install', '--quiet', '--python', interpreter, '-r', requirements])
  } else {
    await run(python, ['-m', 'venv', target])
    await run(interpreter, ['-m', 'pip', 'install', '--quiet', '-r', requirements])
  }
  await run(interpreter, ['-c', `open(${JSON.stringify(join(target, 'ready'))}, 'w').close()`])
  return target
}
