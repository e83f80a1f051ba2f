/** The migration runner on a real PostgreSQL: once, together, after an edit, and against the schema. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { createEmptyTestDatabase, createTestDatabase } from '../scripts/testing/test-database.ts'
import { applyMigrations } from './apply-migrations.ts'
import { createDatabase } from './client.ts'
import { createMissingDatabase } from './create-missing-database.ts'
import { diffDatabase, diffSchemas } from './diff-schemas.mjs'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })))

function writeMigrations(migrations: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'))
  folders.push(folder)
  for (const [name, sql] of Object.entries(migrations)) {
    fs.mkdirSync(path.join(folder, name))
    fs.writeFileSync(path.join(folder, name, 'migration.sql'), sql)
  }
  return folder
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

describe('applyMigrations', () => {
  test('applies every migration once, however many ask at the same time', async () => {
    const url = await createEmptyTestDatabase()
    const applied = await Promise.all(Array.from({ length: 5 }, () => applyMigrations(url)))
    const real = fs
      .readdirSync(path.join(import.meta.dirname, 'migrations'))
      .filter((name) => /^\d/.test(name))
    expect(applied.flat().sort()).toEqual(real.sort())
    expect(await applyMigrations(url)).toEqual([])
  })

  test('undoes a migration that fails half-way and says which', async () => {
    const folder = writeMigrations({
      '1_good': 'CREATE TABLE a (id int);',
      '2_bad': 'CREATE TABLE b (id int); OOPS;',
    })
    const url = await createEmptyTestDatabase()
    await expect(applyMigrations(url, { folder })).rejects.toThrow('Migration 2_bad failed and was undone')
    expect(await query(url, `SELECT to_regclass('a') AS a, to_regclass('b') AS b`)).toEqual([
      { a: 'a', b: null },
    ])
    fs.writeFileSync(path.join(folder, '2_bad', 'migration.sql'), 'CREATE TABLE b (id int);')
    expect(await applyMigrations(url, { folder })).toEqual(['2_bad'])
  })

  test('refuses when an applied migration was edited', async () => {
    const folder = writeMigrations({ '1_first': 'CREATE TABLE a (id int);' })
    const url = await createEmptyTestDatabase()
    await applyMigrations(url, { folder })
    fs.writeFileSync(path.join(folder, '1_first', 'migration.sql'), 'CREATE TABLE a (id bigint);')
    await expect(applyMigrations(url, { folder })).rejects.toThrow('was edited after it was applied')
  })

  test('refuses a database that a newer version made', async () => {
    const url = await createEmptyTestDatabase()
    await applyMigrations(url, { folder: writeMigrations({ '1_a': 'SELECT 1;', '2_b': 'SELECT 1;' }) })
    const older = writeMigrations({ '1_a': 'SELECT 1;' })
    await expect(applyMigrations(url, { folder: older })).rejects.toThrow(
      '2_b, which this version does not know',
    )
  })
})

describe('the migrated database', () => {
  const schema = fs.readFileSync(path.join(import.meta.dirname, 'schema.prisma'), 'utf8')

  test('is what schema.prisma says', async () => {
    const url = await createTestDatabase()
    expect(await diffDatabase(url, schema)).toBe('')
  })

  test('would be found out if it were not', async () => {
    const url = await createTestDatabase()
    await query(url, 'ALTER TABLE "Run" ADD COLUMN "forgotten" int')
    expect(await diffDatabase(url, schema)).toContain('"forgotten"')
  })

  test('has the schema of the last migration kept beside it', async () => {
    const folder = path.join(import.meta.dirname, 'migrations')
    const last =
      fs
        .readdirSync(folder)
        .filter((name) => /^\d/.test(name))
        .sort()
        .at(-1) ?? ''
    const kept = fs.readFileSync(path.join(folder, last, 'schema.prisma'), 'utf8')
    expect(await diffSchemas(kept, schema)).toBe('')
  })
})

describe('createDatabase', () => {
  test('goes on after its connections were cut, as when PostgreSQL restarts', async () => {
    const url = await createTestDatabase()
    const lost: Error[] = []
    const db = createDatabase(url, { onConnectionLost: (error) => lost.push(error) })
    await db.department.create({ data: { name: 'Castings' } })
    await query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    await expect.poll(() => lost.length).toBe(1)
    expect(await db.department.count()).toBe(1)
    await db.$disconnect()
  })

  test('makes a database that is missing, once', async () => {
    const url = new URL(await createEmptyTestDatabase())
    url.pathname += '-new'
    expect(await createMissingDatabase(url.href)).toBe(true)
    expect(await createMissingDatabase(url.href)).toBe(false)
  })
})
