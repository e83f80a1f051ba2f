/** The list of prices and its history: a change is a new version, which names the one that it changes. */
import { Prices } from '@defect-studio/nodes'
import { Prisma, type Database } from '@defect-studio/prisma'

export interface PriceVersion {
  version: number
  prices: Prices
  note: string | null
  /** The member who changed it; null for the list that the studio comes with. */
  byId: string | null
  createdAt: Date
}

/** The latest first; `limit` of them. */
export async function readPriceHistory(db: Database, limit = 50): Promise<PriceVersion[]> {
  const rows = await db.priceList.findMany({ orderBy: { version: 'desc' }, take: limit })
  return rows.map((row) => ({ ...row, prices: Prices.parse(row.prices) }))
}

/**
 * Writes a new version. Runs that were quoted before keep theirs.
 * @param version the version that the change was made from.
 * @returns the new version; null when somebody else changed the list meanwhile.
 */
export async function changePrices(
  db: Database,
  change: { version: number; prices: Prices; note: string | null; byId: string },
): Promise<PriceVersion | null> {
  const { version, prices, note, byId } = change
  const latest = await db.priceList.findFirst({ orderBy: { version: 'desc' }, select: { version: true } })
  if (latest?.version !== version) return null
  try {
    const row = await db.priceList.create({ data: { version: version + 1, prices, note, byId } })
    return { ...row, prices }
  } catch (error) {
    // Two who change the same version: the number of the next one is there once.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return null
    throw error
  }
}
