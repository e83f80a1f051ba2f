/** Keeps a process alive when the database goes away in a moment for which the library has no caller to tell. */
import { isPassing } from './retry-transaction.ts'

/**
 * Prisma ends a broken transaction in the background; the error of that has no caller and would end the process.
 * What is no lost connection is a fault of ours and ends the process as ever, with its reason in the log.
 */
export function surviveLostConnections(log: {
  warn(fields: object, message: string): void
  fatal(fields: object, message: string): void
}): void {
  process.on('unhandledRejection', (error) => {
    if (isPassing(error)) return log.warn({ error: String(error) }, 'a connection to the database was lost')
    log.fatal({ error: error instanceof Error ? error.stack : String(error) }, 'unhandled rejection')
    process.exit(1)
  })
}
