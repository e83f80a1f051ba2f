/** The list of prices that new runs are quoted with: the latest version. */
import { defaultPrices, defaultPriceVersion, Prices } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'

export async function readCurrentPrices(db: Database): Promise<{ version: number; prices: Prices }> {
  const row = await db.priceList.findFirst({ orderBy: { version: 'desc' } })
  return row
    ? { version: row.version, prices: Prices.parse(row.prices) }
    : { version: defaultPriceVersion, prices: defaultPrices }
}
