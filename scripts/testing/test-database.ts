/** Gives a test file a PostgreSQL database of its own on the test run's real server. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { testService } from './test-service.ts'

/** @returns the address of a fresh database with every migration applied. */
export async function createTestDatabase(): Promise<string> {
  const url = await createEmptyTestDatabase()
  const { applyMigrations } = await import('../../prisma/apply-migrations.ts')
  await applyMigrations(url)
  return url
}

/** @returns the address of a fresh database without any table. The role is a superuser. */
export async function createEmptyTestDatabase(): Promise<string> {
  const address = new URL(await testService('postgres'))
  const name = `test_${randomBytes(8).toString('hex')}`
  const client = new pg.Client({ connectionString: address.href })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE "${name}"`)
  } finally {
    await client.end()
  }
  address.pathname = `/${name}`
  return address.href
}
