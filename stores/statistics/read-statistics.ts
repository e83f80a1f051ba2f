/** What was made and spent in a period: sums, one line for each day or month, and one for each tool and model. */
import { Prisma, type Database } from '@defect-studio/prisma'
import { bucketsOf, readTimeZone, type Period } from './period.ts'
import { movedOf, usageOf, type StatisticsScope } from './scope.ts'

export interface Usage {
  /** Pieces of work that a tool did. */
  uses: number
  /** Pictures that came of them. */
  images: number
  /** Pieces of work whose result was found instead of made. */
  found: number
  /** Micro-tokens that were charged. */
  tokens: bigint
  /** Micro-tokens that found results have spared. */
  saved: bigint
}

export interface Movements {
  /** Micro-tokens that came into being for a department. */
  issued: bigint
  /** To members and pools; for a member: received. */
  distributed: bigint
  /** Back to the department. */
  revoked: bigint
  expired: bigint
  /** Given back of what was charged. */
  refunded: bigint
}

export type StatisticsLine = Usage & Movements & { bucket: string }
export type UsageOf = Usage & { name: string }

export interface Statistics extends Period {
  timeZone: string
  totals: Usage & Movements
  /** All days or months of the period, those without anything as well. */
  series: StatisticsLine[]
  /** By tokens, then uses. `name` is the node type. */
  tools: UsageOf[]
  /** `name` is the model's id; what needs no model is left out. */
  models: UsageOf[]
}

export async function readStatistics(
  db: Database,
  scope: StatisticsScope,
  period: Period,
): Promise<Statistics> {
  const timeZone = await readTimeZone(db)
  const [usage, moved] = await Promise.all([
    readUsage(db, scope, period),
    readMovements(db, scope, period, timeZone),
  ])
  const lines = new Map(
    bucketsOf(period).map((bucket) => [bucket, { bucket, ...nothingUsed(), ...nothingMoved() }]),
  )
  const totals = { ...nothingUsed(), ...nothingMoved() }
  const tools: UsageOf[] = []
  const models: UsageOf[] = []
  for (const { bucket, tool, model, ...row } of usage) {
    const used = usageFrom(row)
    if (tool !== null) tools.push({ name: tool, ...used })
    else if (model !== null) models.push({ name: model, ...used })
    else if (bucket !== null) Object.assign(lines.get(bucket) ?? {}, used)
    else Object.assign(totals, used)
  }
  for (const { bucket, kind, amount } of moved) {
    const column = columnOf[kind]
    const line = lines.get(bucket)
    if (!column || !line) continue
    line[column] += amount
    totals[column] += amount
  }
  return {
    ...period,
    timeZone,
    totals,
    series: [...lines.values()],
    tools: byTokens(tools),
    models: byTokens(models.filter(({ name }) => name !== '')),
  }
}

const columnOf: Record<string, keyof Movements | undefined> = {
  issue: 'issued',
  distribute: 'distributed',
  revoke: 'revoked',
  expire: 'expired',
  refund: 'refunded',
}

const nothingUsed = (): Usage => ({ uses: 0, images: 0, found: 0, tokens: 0n, saved: 0n })
const nothingMoved = (): Movements => ({
  ...{ issued: 0n, distributed: 0n, revoked: 0n, expired: 0n, refunded: 0n },
})

export const byTokens = <T extends Usage & { name: string }>(rows: readonly T[]): T[] =>
  rows.toSorted(
    (a, b) =>
      Number(b.tokens - a.tokens) || b.uses - a.uses || b.found - a.found || (a.name < b.name ? -1 : 1),
  )

/** As PostgreSQL gives sums. */
export interface UsageSums {
  uses: bigint
  images: bigint
  found: bigint
  tokens: bigint
  saved: bigint
}

export const usageFrom = ({ uses, images, found, tokens, saved }: UsageSums): Usage => ({
  ...{ uses: Number(uses), images: Number(images), found: Number(found), tokens, saved },
})

export const usageSums = Prisma.sql`sum("uses")::bigint AS "uses", sum("images")::bigint AS "images",
  sum("found")::bigint AS "found", sum("tokens")::bigint AS "tokens", sum("saved")::bigint AS "saved"`

type UsageRow = UsageSums & { bucket: string | null; tool: string | null; model: string | null }

/** Days are summed once, by what the answer tells apart; everything else is summed from those few rows. */
function readUsage(db: Database, scope: StatisticsScope, { from, to, by }: Period): Promise<UsageRow[]> {
  const bucket = by === 'day' ? Prisma.sql`"day"` : Prisma.sql`date_trunc('month', "day")::date`
  const form = by === 'day' ? 'YYYY-MM-DD' : 'YYYY-MM'
  const few = (table: Prisma.Sql, where: Prisma.Sql) => Prisma.sql`
    SELECT ${bucket} AS "bucket", "tool", "model", ${usageSums} FROM ${table}
    WHERE "day" BETWEEN ${from}::date AND ${to}::date ${where} GROUP BY 1, 2, 3`
  const ofDays = Prisma.sql`"UsageDay"`
  // Days of everybody that are over were summed up by the sweep; the few since then are added.
  const rows =
    scope.of === 'organisation'
      ? Prisma.sql`${few(Prisma.sql`"UsageByTool"`, Prisma.empty)} UNION ALL ${few(ofDays, sinceClosed)}`
      : few(ofDays, usageOf(scope))
  return db.$queryRaw<UsageRow[]>`
    WITH "few" AS MATERIALIZED (${rows})
    SELECT to_char("bucket", ${form}) AS "bucket", "tool", "model", ${usageSums} FROM "few"
    GROUP BY GROUPING SETS (("bucket"), ("tool"), ("model"), ())
    HAVING count(*) > 0`
}

const sinceClosed = Prisma.sql`AND "day" > COALESCE((SELECT max("day") FROM "UsageByTool"), '-infinity')`

function readMovements(
  db: Database,
  scope: StatisticsScope,
  { from, to, by }: Period,
  timeZone: string,
): Promise<{ bucket: string; kind: string; amount: bigint }[]> {
  const form = by === 'day' ? 'YYYY-MM-DD' : 'YYYY-MM'
  return db.$queryRaw`
    WITH "moved" AS (
      SELECT ("t"."createdAt" AT TIME ZONE ${timeZone})::date AS "day", "t"."kind", "t"."amount"
      FROM "Transfer" AS "t"
      JOIN "Account" AS "debit" ON "debit"."id" = "t"."debitAccountId"
      JOIN "Account" AS "credit" ON "credit"."id" = "t"."creditAccountId"
      WHERE "t"."kind" IN ('issue', 'distribute', 'revoke', 'expire', 'refund')
        AND "t"."createdAt" >= ${from}::date::timestamp AT TIME ZONE ${timeZone}
        AND "t"."createdAt" < (${to}::date + 1)::timestamp AT TIME ZONE ${timeZone} ${movedOf(scope)}
    )
    SELECT to_char("day", ${form}) AS "bucket", "kind"::text AS "kind", sum("amount")::bigint AS "amount"
    FROM "moved" GROUP BY 1, 2`
}
