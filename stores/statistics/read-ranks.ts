/** Who and what was used most in a period, over the whole organisation. */
import type { Database } from '@defect-studio/prisma'
import type { Period } from './period.ts'
import {
  byTokens,
  readStatistics,
  usageFrom,
  usageSums,
  type UsageOf,
  type UsageSums,
} from './read-statistics.ts'

/** `id` of the member or department, the node type, or the model's id. */
export type Rank = UsageOf & { id: string }

export interface Ranks {
  members: (Rank & { departmentName: string })[]
  departments: Rank[]
  tools: Rank[]
  models: Rank[]
}

/** @param most lines of each list; by tokens, then by uses. */
export async function readRanks(
  db: Database,
  { from, to }: Pick<Period, 'from' | 'to'>,
  most: number,
): Promise<Ranks> {
  const [{ tools, models }, people] = await Promise.all([
    readStatistics(db, { of: 'organisation' }, { from, to, by: 'month' }),
    readPeople(db, from, to),
  ])
  const ranked = (of: 'memberId' | 'departmentId'): Rank[] =>
    byTokens(
      people.flatMap((row) => {
        const id = row[of]
        return id === null ? [] : [{ id, name: id, ...usageFrom(row) }]
      }),
    ).slice(0, most)
  const members = ranked('memberId')
  const departments = ranked('departmentId')
  const [named, houses] = await Promise.all([
    db.member.findMany({
      where: { id: { in: members.map(({ id }) => id) } },
      select: { id: true, name: true, department: { select: { name: true } } },
    }),
    db.department.findMany({ where: { id: { in: departments.map(({ id }) => id) } } }),
  ])
  const person = new Map(named.map((one) => [one.id, one]))
  const house = new Map(houses.map((one) => [one.id, one]))
  return {
    members: members.map((rank) => ({
      ...rank,
      name: person.get(rank.id)?.name ?? rank.id,
      departmentName: person.get(rank.id)?.department.name ?? '',
    })),
    departments: departments.map((rank) => ({ ...rank, name: house.get(rank.id)?.name ?? rank.id })),
    tools: tools.slice(0, most).map((one) => ({ id: one.name, ...one })),
    models: models.slice(0, most).map((one) => ({ id: one.name, ...one })),
  }
}

type PersonRow = UsageSums & Record<'memberId' | 'departmentId', string | null>

/**
 * By member and by department. Whole months that are over were summed up by the sweep; the days before and after them
 * are added.
 */
function readPeople(db: Database, from: string, to: string): Promise<PersonRow[]> {
  return db.$queryRaw<PersonRow[]>`
    WITH "closed" AS MATERIALIZED (
      SELECT max("month") + interval '1 month' AS "end" FROM "UsageByMember"
    ),
    -- First month that lies in the period whole, and the first after those that are over and do.
    "whole" AS MATERIALIZED (
      SELECT date_trunc('month', ${from}::date + interval '1 month' - interval '1 day') AS "begin",
        LEAST(date_trunc('month', ${to}::date + interval '1 day'), COALESCE("end", '-infinity')) AS "end" FROM "closed"
    ),
    "few" AS MATERIALIZED (
      SELECT "memberId", "departmentId", ${usageSums} FROM "UsageByMember", "whole"
      WHERE "month" >= "begin" AND "month" < "end" GROUP BY 1, 2
      UNION ALL
      SELECT "memberId", "departmentId", ${usageSums} FROM "UsageDay"
      WHERE "day" >= ${from}::date
        AND "day" <= LEAST(${to}::date, (SELECT GREATEST("begin", ${from}::date) FROM "whole" WHERE "begin" < "end") - interval '1 day')
      GROUP BY 1, 2
      UNION ALL
      SELECT "memberId", "departmentId", ${usageSums} FROM "UsageDay"
      WHERE "day" <= ${to}::date
        AND "day" >= (SELECT "end" FROM "whole" WHERE "begin" < "end")
      GROUP BY 1, 2
    )
    SELECT "memberId"::text, "departmentId"::text, ${usageSums} FROM "few"
    GROUP BY GROUPING SETS (("memberId"), ("departmentId"))`
}
