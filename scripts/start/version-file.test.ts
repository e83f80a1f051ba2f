/** A data folder of a newer studio is refused before anything starts, with the reason and what to do. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isNewer, mayNeedUpgrade, refuseNewerFolder, writeVersion } from './version-file.mjs'

let root: string
let dataDir: string
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'version-'))
  dataDir = path.join(root, 'data')
  await mkdir(dataDir)
  await mkdir(path.join(root, 'prisma/migrations/1_first'), { recursive: true })
  await writeFile(path.join(root, 'package.json'), '{ "version": "0.2.0" }')
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('the studio that used it last opens it, one of before does not', async () => {
  const here = { root, env: {}, dataDir }
  refuseNewerFolder(here)
  expect(mayNeedUpgrade(here)).toBe(true)
  writeVersion(here)
  refuseNewerFolder(here)
  expect(mayNeedUpgrade(here)).toBe(false)

  const older = path.join(root, 'older')
  await cp(path.join(root, 'prisma'), path.join(older, 'prisma'), { recursive: true })
  await writeFile(path.join(older, 'package.json'), '{ "version": "0.1.9" }')
  expect(() => refuseNewerFolder({ ...here, root: older })).toThrow(
    /studio 0\.2\.0, which is newer .*0\.1\.9.*backups/s,
  )

  // The same version, but a migration more: somebody's own build.
  await mkdir(path.join(root, 'prisma/migrations/2_later'))
  expect(mayNeedUpgrade(here)).toBe(true)
  writeVersion(here)
  await writeFile(path.join(older, 'package.json'), '{ "version": "0.2.0" }')
  expect(() => refuseNewerFolder({ ...here, root: older })).toThrow('the migration 2_later')
})

test.each([
  ['0.2.0', '0.1.9', true],
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '1.0.0', false],
  ['1.0.0-beta', '1.0.0', false],
  ['0.9.9', '0.10.0', false],
])('%s is newer than %s: %s', (a, b, newer) => expect(isNewer(a, b)).toBe(newer))
