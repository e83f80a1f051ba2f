/** Whose statistics: one member's, a department's, or everybody's, as conditions of SQL. */
import { Prisma } from '@defect-studio/prisma'

export type StatisticsScope =
  { of: 'member'; memberId: string } | { of: 'department'; departmentId: string } | { of: 'organisation' }

/** For rows of UsageDay. */
export function usageOf(scope: StatisticsScope): Prisma.Sql {
  if (scope.of === 'member') return Prisma.sql`AND "memberId" = ${scope.memberId}::uuid`
  if (scope.of === 'department') return Prisma.sql`AND "departmentId" = ${scope.departmentId}::uuid`
  return Prisma.empty
}

/**
 * For transfers between `debit` and `credit` (rows of Account), of `by` (the member whom a refund is for): those that
 * bring tokens to the scope or take them from it. A member's are of the department where the member is now.
 */
export function movedOf(scope: StatisticsScope): Prisma.Sql {
  if (scope.of === 'member')
    return Prisma.sql`AND (("debit"."kind" IN ('member', 'revenue') AND "debit"."holderId" = ${scope.memberId}::uuid)
      OR ("credit"."kind" = 'member' AND "credit"."holderId" = ${scope.memberId}::uuid))`
  if (scope.of === 'department')
    return Prisma.sql`AND (("debit"."kind" IN ('department', 'pool') AND "debit"."holderId" = ${scope.departmentId}::uuid)
      OR ("credit"."kind" IN ('department', 'pool') AND "credit"."holderId" = ${scope.departmentId}::uuid)
      OR ("debit"."kind" IN ('member', 'revenue') AND "debit"."holderId" IN (
        SELECT "id" FROM "Member" WHERE "departmentId" = ${scope.departmentId}::uuid)))`
  return Prisma.empty
}
