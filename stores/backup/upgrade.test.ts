/** A database of an earlier release is backed up before it is brought up to date, and that backup opens in this one. */
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { applyMigrations } from '@defect-studio/prisma/apply-migrations'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEmptyTestDatabase } from '../../scripts/testing/test-database.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { needsUpgrade } from './needs-upgrade.ts'
import { openBackup } from './open-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const migrations = path.join(import.meta.dirname, '../../prisma/migrations')
/** The release before people could sign up. */
const last = '20261124020347_ledger_and_books'
let folder: string
let earlier: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'upgrade-'))
  earlier = path.join(folder, 'migrations')
  const names = readdirSync(migrations).filter((name) => /^\d/.test(name) && name <= last)
  for (const name of names)
    await cp(path.join(migrations, name), path.join(earlier, name), { recursive: true })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('what an earlier release kept is there after the upgrade, and in the backup of before it', async () => {
  const url = await createEmptyTestDatabase()
  expect(await needsUpgrade(url)).toBe(false)
  await applyMigrations(url, { folder: earlier })
  const department = "'00000000-0000-7000-8000-000000000001'"
  await rows(
    url,
    `INSERT INTO "Department" ("id", "name") VALUES (${department}, 'Press shop');
     INSERT INTO "Member" ("id", "loginId", "email", "name", "nickname", "passwordHash", "role", "departmentId")
     VALUES ('00000000-0000-7000-8000-000000000002', 'kim', 'kim@example.com', '김', 'k', '-', 'super_admin', ${department})`,
  )
  expect(await needsUpgrade(url)).toBe(true)
  const file = path.join(folder, 'before.backup')
  const signingSecret = randomBytes(32)
  const common = { documentsUrl: undefined, signingSecret, passphrase: null, version: '0.1.0', strict: false }
  const { artifacts } = await writeBackup({ databaseUrl: url, artifacts: null, file, ...common })
  expect(artifacts).toEqual({ carried: false, keys: [], bytes: 0, missing: [], damaged: [] })

  await applyMigrations(url)
  expect(await needsUpgrade(url)).toBe(false)
  const who = 'SELECT "loginId", "name", "createdAt" FROM "Member"'
  const kept = await rows(url, who)
  expect(kept).toMatchObject([{ loginId: 'kim', name: '김' }])

  const fresh = await createEmptyTestDatabase()
  const backup = await openBackup(file)
  const store = createFileStore(path.join(folder, 'artifacts'))
  await restoreBackup({
    backup,
    databaseUrl: fresh,
    documentsUrl: undefined,
    artifacts: store,
    replace: false,
  })
  backup.close()
  expect(await rows(fresh, who)).toEqual(kept)
  expect(await needsUpgrade(fresh)).toBe(false)
})

test('a database that a newer studio has brought up to date is refused with the reason', async () => {
  const url = await createEmptyTestDatabase()
  await applyMigrations(url)
  await expect(needsUpgrade(url, earlier)).rejects.toThrow('by a newer studio (it has the migration')
})
