/** Tells "the database is away" from every other error, whichever layer noticed. */
import { Prisma } from '@defect-studio/prisma'

/** Cannot reach, timed out, connection closed, no free connection, no transaction could begin. */
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037'])

/** PostgreSQL shutting down, crashed, starting up; connections refused or broken. */
const serverCodes = new Set(['57P01', '57P02', '57P03', '08000', '08001', '08003', '08006', '53300'])
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH'])

/** node-postgres has no codes for these. */
const wordings =
  /Connection terminated|timeout exceeded when trying to connect|Can't reach database server|Client has encountered a connection error|Server has closed the connection|DatabaseNotReachable|ConnectionClosed/

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof Prisma.PrismaClientInitializationError) return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (prismaCodes.has(code) || serverCodes.has(code) || socketCodes.has(code)) return true
  if (wordings.test(error.message)) return true
  const kind = hasText(error.cause, 'kind')
  const original = hasText(error.cause, 'originalCode')
  return wordings.test(kind) || serverCodes.has(original) || isDatabaseAway(error.cause)
}

/** A number that passed as a whole one and does not fit the column: 2,147,483,647 is the largest of most. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2020'
}

/** Prisma's driver adapters put what the driver said into a plain object. */
function hasText(value: unknown, field: string): string {
  if (typeof value !== 'object' || value === null) return ''
  const found = Object.entries(value).find(([name]) => name === field)?.[1] as unknown
  return typeof found === 'string' ? found : ''
}
