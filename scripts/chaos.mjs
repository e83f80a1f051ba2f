/** `npm run chaos -- [--minutes 60] [--seed N]`: kills the studio's processes at random while runs go on, then looks whether all is well. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { findTemporal } from './find-temporal.mjs'
import { prepare, ROOT } from './prepare.mjs'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string' } },
})
if (!(Number(values.minutes) > 0)) throw new Error(`--minutes must be more than 0, not "${values.minutes}".`)
await prepare({ report: console.log })
await findTemporal({ report: console.log })
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', 'scripts/e2e/chaos']
const child = spawn(process.execPath, vitest, {
  cwd: ROOT,
  env: {
    ...process.env,
    CHAOS_MINUTES: values.minutes,
    ...(values.seed === undefined ? {} : { CHAOS_SEED: values.seed }),
  },
  stdio: 'inherit',
})
child.once('exit', (code) => (process.exitCode = code ?? 1))
