/** What strangers learn of the processes: that they run, not which they are. */
import { expect, test } from 'vitest'
import { SupervisorFile } from './health.ts'

const process = {
  name: 'api',
  state: 'running',
  pid: 4711,
  restarts: 2,
  since: '2026-01-01',
  lastExit: 'spawn /srv/x ENOENT',
}

test.each([[[process]], [{ components: [process], note: 'x' }]])(
  'of a supervised process only its state is passed on',
  (file) => {
    expect(SupervisorFile.parse(file)).toEqual([{ name: 'api', state: 'running', restarts: 2 }])
  },
)
