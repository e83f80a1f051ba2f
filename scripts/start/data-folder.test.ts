/** What a studio keeps can be read by its owner alone. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { closeDataFolder } from './data-folder.mjs'

const modeOf = (folder: string) => (fs.statSync(folder).mode & 0o777).toString(8)

test.skipIf(process.platform === 'win32')(
  'a new data folder is closed, and what an earlier studio left open as well',
  () => {
    const above = fs.mkdtempSync(path.join(os.tmpdir(), 'data-folder-'))
    onTestFinished(() => fs.rmSync(above, { recursive: true }))
    const fresh = path.join(above, 'fresh')
    closeDataFolder(fresh)
    expect(modeOf(fresh)).toBe('700')
    const used = path.join(above, 'used')
    fs.mkdirSync(path.join(used, 'artifacts'), { recursive: true })
    fs.chmodSync(used, 0o755)
    fs.chmodSync(path.join(used, 'artifacts'), 0o755)
    closeDataFolder(used)
    expect(modeOf(used)).toBe('755')
    for (const name of ['artifacts', 'logs', 'run', 'secrets', 'temporal'])
      expect(modeOf(path.join(used, name)), name).toBe('700')
  },
)
