/** The room's door: the database as typed records, over a pool that outlives a restart of PostgreSQL. */
import pg from 'pg'
import { PrismaClient, type Prisma } from './generated/client.ts'
import { PrismaPgWithTolerantRollback } from './tolerant-rollback.ts'

export * from './generated/client.ts'

export type Database = PrismaClient

/** What a query may run in: the database itself, or a transaction that the caller has begun. */
export type Transaction = Prisma.TransactionClient

export interface DatabaseOptions {
  /** Most connections at once; every process has a pool of its own, and PostgreSQL takes 100 in all. Default 10. */
  connections?: number
  /** Hears of idle connections that broke, as when PostgreSQL restarts; the pool opens new ones by itself. */
  onConnectionLost?: (error: Error) => void
}

/**
 * Opens no connection yet: the first query does. Close it with `$disconnect()`.
 * @param url `postgresql://user:password@host:port/name`.
 */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { connections = 10, onConnectionLost } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    // A server that does not answer is told from a slow one, so that callers can retry.
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // Nobody waits longer than this for another's lock; below the transaction's own timeout, so that it can be told apart.
    lock_timeout: 2_000,
  })
  // Without a listener the 'error' of an idle connection would end the process.
  pool.on('error', (error) => onConnectionLost?.(error))
  // Neither would one that breaks while it is lent, between two queries, have a listener: its next query says what happened.
  pool.on('connect', (client) => client.on('error', () => {}))
  return new PrismaClient({
    adapter: new PrismaPgWithTolerantRollback(pool, { disposeExternalPool: true }),
    // Prisma's own 2 s and 5 s, written down because the ledger's lock_timeout must stay below them.
    transactionOptions: { maxWait: 2_000, timeout: 5_000 },
  })
}
