/** Sums up days and months that are over, so that the statistics of a year read little. */
import type { Database } from '@defect-studio/prisma'

/** Idempotent: what was summed up stays so. What is not summed up yet is read from the days themselves. */
export async function closeUsage(db: Database): Promise<void> {
  await db.$executeRaw`SELECT close_usage()`
}
