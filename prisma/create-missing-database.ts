/** Makes the database that an address names, so that a bare PostgreSQL server is enough to start on. */
import pg from 'pg'

/** @returns whether it had to be made. Needs the right to create databases only when it is missing. */
export async function createMissingDatabase(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return false
  } catch (error) {
    if (!hasCode(error, '3D000')) throw error
  } finally {
    await client.end()
  }
  const server = new URL(url)
  const name = decodeURIComponent(server.pathname.slice(1))
  server.pathname = '/postgres'
  const maintenance = new pg.Client({ connectionString: server.href })
  await maintenance.connect()
  try {
    await maintenance.query(`CREATE DATABASE ${maintenance.escapeIdentifier(name)}`)
    return true
  } catch (error) {
    // Somebody else was quicker.
    if (hasCode(error, '42P04') || hasCode(error, '23505')) return false
    throw error
  } finally {
    await maintenance.end()
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
