/** Departments with who is there and what they have, asked for all of a page at once. */
import type { Database, Department } from '@defect-studio/prisma'
import { toTokens } from '../shapes/tokens.ts'
import type { Department as Described } from '../shapes/department.ts'

export async function describeDepartments(
  db: Database,
  departments: readonly Department[],
): Promise<Described[]> {
  const ids = departments.map(({ id }) => id)
  const active = { departmentId: { in: ids }, disabledAt: null, deletedAt: null }
  const [counts, admins, balances] = await Promise.all([
    db.member.groupBy({ by: ['departmentId', 'role'], where: active, _count: true }),
    db.member.findMany({
      where: { ...active, role: { in: ['department_admin', 'super_admin'] } },
      select: { id: true, loginId: true, name: true, role: true, departmentId: true },
      orderBy: { name: 'asc' },
    }),
    db.$queryRaw<{ holderId: string; tokens: bigint }[]>`
      SELECT "holderId"::text, sum("remaining" - "held")::bigint AS "tokens" FROM "Account"
      JOIN "Lot" ON "Lot"."accountId" = "Account"."id"
      WHERE "kind" IN ('department', 'pool') AND "holderId" = ANY(${ids}::uuid[])
        AND ("expiresAt" IS NULL OR "expiresAt" > now())
      GROUP BY "holderId"`,
  ])
  return departments.map(({ id, name, createdAt, archivedAt }) => {
    const here = counts.filter(({ departmentId }) => departmentId === id)
    const sum = (guests: boolean) =>
      here
        .filter(({ role }) => (role === 'guest') === guests)
        .reduce((total, { _count }) => total + _count, 0)
    return {
      id,
      name,
      createdAt: createdAt.toISOString(),
      archivedAt: archivedAt?.toISOString() ?? null,
      members: sum(false),
      guests: sum(true),
      admins: admins
        .filter(({ departmentId }) => departmentId === id)
        .map(({ departmentId: _, ...admin }) => admin),
      tokens: toTokens(balances.find(({ holderId }) => holderId === id)?.tokens ?? 0n),
    }
  })
}
