/** Statistics as the API shows them: whole numbers of uses and pictures, and tokens. */
import type { StatisticsLine, Statistics as Found, Usage as FoundUsage } from '@defect-studio/stores'
import { z } from 'zod'
import { toTokens } from './tokens.ts'

const Usage = {
  uses: z.int().meta({ description: 'Pieces of work that a tool did.' }),
  images: z.int().meta({ description: 'Pictures that came of them.' }),
  found: z.int().meta({ description: 'Pieces of work whose result was found instead of made.' }),
  tokens: z.number().meta({ description: 'Tokens that were charged.' }),
  saved: z.number().meta({ description: 'Tokens that found results have spared.' }),
}

const Moved = {
  issued: z.number(),
  distributed: z.number(),
  revoked: z.number(),
  expired: z.number(),
  refunded: z.number(),
}

const UsageOf = z.object({ name: z.string(), ...Usage })

export const Statistics = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    by: z.enum(['day', 'month']),
    timeZone: z.string(),
    totals: z.object({ ...Usage, ...Moved }),
    series: z
      .array(z.object({ bucket: z.string(), ...Usage, ...Moved }))
      .meta({ description: 'All days or months of the period, `bucket` as 2027-01-31 or 2027-01.' }),
    tools: z.array(UsageOf).meta({ description: 'By tokens, then uses; `name` is the node type.' }),
    models: z.array(UsageOf).meta({ description: '`name` is the id of the model.' }),
  })
  .meta({ id: 'Statistics' })

const Rank = z.object({ id: z.string(), name: z.string(), ...Usage })

export const Ranks = z
  .object({
    members: z.array(Rank.extend({ departmentName: z.string() })),
    departments: z.array(Rank),
    tools: z.array(Rank),
    models: z.array(Rank),
  })
  .meta({ id: 'Ranks' })

export const describeUsage = ({ uses, images, found, tokens, saved }: FoundUsage) => ({
  ...{ uses, images, found, tokens: toTokens(tokens), saved: toTokens(saved) },
})

const describeMoved = (row: Found['totals']) => ({
  issued: toTokens(row.issued),
  distributed: toTokens(row.distributed),
  revoked: toTokens(row.revoked),
  expired: toTokens(row.expired),
  refunded: toTokens(row.refunded),
})

export const describeLine = ({ bucket, ...row }: StatisticsLine) => ({
  ...{ bucket, ...describeUsage(row), ...describeMoved(row) },
})

export const describeStatistics = ({ totals, series, tools, models, ...period }: Found) => ({
  ...period,
  totals: { ...describeUsage(totals), ...describeMoved(totals) },
  series: series.map(describeLine),
  tools: tools.map(({ name, ...row }) => ({ name, ...describeUsage(row) })),
  models: models.map(({ name, ...row }) => ({ name, ...describeUsage(row) })),
})
