/** Says that something which pages show has changed, without saying what: they ask for it again. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { z } from 'zod'
import { channels } from './channels.ts'

export const Change = z.object({
  topic: z.enum(['tokens', 'reviews', 'sessions']),
  /** Whom it concerns; without either: everybody. */
  memberId: z.string().optional(),
  departmentId: z.string().optional(),
})
export type Change = z.infer<typeof Change>

/** Inside a transaction it goes out when, and only if, the transaction is committed. */
export async function publishChange(db: Database | Transaction, change: Change): Promise<void> {
  await db.$executeRaw`SELECT pg_notify(${channels.changes}, ${JSON.stringify(change)})`
}
