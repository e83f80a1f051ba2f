/** Runs a transaction again when the database undid it for reasons that are not its fault. */
import { StudioError } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'

/** SQLSTATE and Prisma codes after which the same transaction may well succeed. */
const passing = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: lock_timeout
  '57P01', // admin_shutdown: PostgreSQL stops
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: PostgreSQL starts
  '08000',
  '08003',
  '08006', // connection_failure
  'P2034', // write conflict or deadlock, as Prisma calls it
  'P2028', // the transaction could not begin in time, or its connection was lost
  'P1001',
  'P1002',
  'P1008',
  'P1017', // the server closed the connection
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
])

/** pg and adapter-pg say these without any code. */
const passingMessages =
  /Connection terminated|connection error and is not queryable|server closed the connection|timeout exceeded when trying to connect/i

/** A unique key that somebody else wrote in the same moment: the next attempt will see it. */
const raced = new Set(['23505', 'P2002'])

/** Whether another attempt may succeed; looks through causes, since adapters wrap what PostgreSQL said. */
export function isPassing(error: unknown): boolean {
  return hasCode(error, passing, 0) || messageOf(error)
}

/**
 * Runs `work` in a READ COMMITTED transaction, up to 8 times. `work` must be idempotent: when a connection breaks
 * during COMMIT nobody knows whether it was done, and it is run again.
 * @throws StudioError 'unavailable' when the database stays away; anything else as it was thrown.
 */
export async function retryTransaction<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return retryPassing(() => db.$transaction(work))
}

/** The same for work that is one statement, which is a transaction of its own. */
export async function retryPassing<T>(work: () => Promise<T>): Promise<T> {
  const attempts = 8
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof StudioError) throw error
      const again = isPassing(error)
      if (!again && !hasCode(error, raced, 0)) throw error
      if (attempt >= attempts)
        throw again
          ? new StudioError('unavailable', 'The database did not answer in time.', { cause: error })
          : error
      // Full jitter from 0 … 20 ms up to 0 … 1 s: those that collided do not meet again.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(1_000, 10 * 2 ** attempt)))
    }
  }
}

function hasCode(error: unknown, codes: ReadonlySet<string>, depth: number): boolean {
  if (typeof error !== 'object' || error === null || depth > 5) return false
  for (const key of ['code', 'originalCode'] as const) {
    const code: unknown = Reflect.get(error, key)
    if (typeof code === 'string' && codes.has(code)) return true
  }
  return (['cause', 'meta', 'driverAdapterError'] as const).some((key) =>
    hasCode(Reflect.get(error, key), codes, depth + 1),
  )
}

function messageOf(error: unknown): boolean {
  return error instanceof Error && passingMessages.test(error.message)
}
