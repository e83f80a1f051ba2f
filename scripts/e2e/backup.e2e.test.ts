/** Backup of a running studio → reset → restore, with the commands that a person types: the same pictures, ledger and rows. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { owner, root, startStudio } from './studio.ts'

test('what a running studio kept is there after its folder is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backup-e2e-'))
  const file = join(folder, 'studio.backup')
  const data = join(folder, 'data')
  const studio = await startStudio()
  try {
    const { accessToken } = (await (
      await fetch(`${studio.url}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ loginId: owner.loginId, password: owner.password }),
      })
    ).json()) as { accessToken: string }
    const form = new FormData()
    const pixel =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    form.set('file', new Blob([Buffer.from(pixel, 'base64')]), 'dot.png')
    const headers = { authorization: `Bearer ${accessToken}` }
    const sent = await fetch(`${studio.url}/api/v1/artifacts`, { method: 'POST', headers, body: form })
    expect(sent.status).toBe(201)
    expect(await run('backup', file, '--data', studio.dataDir)).toMatchObject({ code: 0 })
    const busy = await run('restore', file, '--data', studio.dataDir)
    expect([busy.code, busy.stderr]).toEqual([1, expect.stringContaining('A studio runs on')])
  } finally {
    // Takes its folder away, as a reset does.
    await studio.stop()
  }
  const restored = await run('restore', file, '--data', data, '--json')
  expect(restored.code, restored.stderr).toBe(0)
  expect(JSON.parse(restored.stdout)).toMatchObject({ artifacts: 1, missing: [], broken: [] })
  const twice = await run('restore', file, '--data', data)
  expect([twice.code, twice.stderr]).toEqual([1, expect.stringContaining('--replace')])
  const again = await run('backup', join(folder, 'again.backup'), '--data', data, '--json')
  expect(JSON.parse(again.stdout)).toMatchObject({ artifacts: 1, missing: [], damaged: [] })
  await rm(folder, { recursive: true, force: true })
})

async function run(...args: string[]) {
  const { DATABASE_URL: _url, TEMPORAL_ADDRESS: _address, ...env } = process.env
  const child = spawn(process.execPath, [join(root, 'scripts/run-process.mjs'), 'cli', ...args], {
    env: { ...env, BACKUP_PASSPHRASE: 'a passphrase of the test' },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
