/** What steps cost: an editable list. Runs keep the version that they were quoted with. */
import { Prices } from '@defect-studio/nodes'
import { changePrices, type PriceVersion, readPriceHistory } from '@defect-studio/stores'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'

const tag = 'prices'

const PriceListShape = z
  .object({
    version: z.int(),
    prices: Prices.meta({ id: 'Prices', description: 'Whole tokens.' }),
    note: z.string().nullable(),
    changedBy: z
      .string()
      .nullable()
      .meta({ description: 'Name of the member; null: the studio came with it.' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PriceList' })

export const readPrices = defineRoute({
  operationId: 'readPrices',
  method: 'get',
  path: '/prices',
  tag,
  summary: 'What steps cost now, and what they cost before',
  auth: 'use-studio',
  scope: 'any',
  response: z.object({ current: PriceListShape, history: z.array(PriceListShape) }),
  async handler({ studio }) {
    const [current, ...history] = await describe(studio.db, await readPriceHistory(studio.db))
    if (!current) throw new Error('The first price list is missing: migrations write it.')
    return { current, history }
  },
})

export const writePrices = defineRoute({
  operationId: 'writePrices',
  method: 'put',
  path: '/prices',
  tag,
  summary: 'Change what steps cost',
  description:
    'Makes a new version. Runs that were started before keep the prices that they were quoted with.',
  auth: 'manage-prices',
  body: z.object({
    version: z.int().min(1).meta({ description: 'The version that is changed.' }),
    prices: Prices,
    note: z.string().max(200).optional(),
  }),
  response: PriceListShape,
  async handler({ studio, caller, body }) {
    const { version, prices, note = null } = body
    const changed = await changePrices(studio.db, { version, prices, note, byId: caller.memberId })
    if (!changed)
      throw new ProblemError('prices-changed', `Version ${version} is not the latest list of prices.`, {
        remedy: 'Look at the prices as they are now, and change those.',
      })
    const [described] = await describe(studio.db, [changed])
    if (!described) throw new Error('A list of one has a first.')
    return described
  },
})

async function describe(
  db: Parameters<typeof readPriceHistory>[0],
  versions: PriceVersion[],
): Promise<z.infer<typeof PriceListShape>[]> {
  const ids = versions.flatMap(({ byId }) => (byId === null ? [] : [byId]))
  const members = await db.member.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const names = new Map(members.map(({ id, name }) => [id, name]))
  return versions.map(({ version, prices, note, byId, createdAt }) => ({
    version,
    prices,
    note,
    changedBy: byId === null ? null : (names.get(byId) ?? null),
    createdAt: createdAt.toISOString(),
  }))
}
