/** Two studios that start in the same moment never get the same port. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claimPort } from './claim-port.mjs'
import { freePort } from './free-port.mjs'

test('a port is promised once, though nobody listens there yet', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'studio-ports-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const wanted: number = await freePort()
  const [first, second] = await Promise.all([
    claimPort([wanted], { folder }),
    claimPort([wanted], { folder }),
  ])
  expect([first, second]).toContain(wanted)
  expect(first).not.toBe(second)
})
