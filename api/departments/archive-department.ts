/** Closes a department that nobody works in any more; what was made there stays. */
import type { PrismaClient, Transaction } from '@defect-studio/prisma'
import { retryTransaction } from '@defect-studio/stores'
import type { RequestAudit } from '../audit/request-audit.ts'
import { notFound, ProblemError } from '../problem.ts'

/**
 * Refused while somebody works or waits there, while it has tokens (they would be lost to everybody), and while runs go
 * on. Schedules stop: their owners are gone. Disabled members stay, and cannot be enabled as long as it is archived.
 * Archiving what is archived does nothing.
 */
export async function archiveDepartment(db: PrismaClient, audit: RequestAudit, id: string): Promise<void> {
  await retryTransaction(db, async (tx) => {
    // Whoever wants to come in waits for this row, and then finds it closed.
    await tx.$executeRaw`SELECT FROM "Department" WHERE "id" = ${id}::uuid FOR UPDATE`
    const department = await tx.department.findUnique({ where: { id } })
    if (!department) throw notFound('department')
    if (department.archivedAt) return
    const problems = await findHindrances(tx, id)
    if (problems.length > 0)
      throw new ProblemError('department-in-use', `"${department.name}" is still in use.`, {
        remedy: 'Move or disable its members, take its tokens back or let them expire, and let its runs end.',
        problems,
      })
    await tx.schedule.updateMany({
      where: { departmentId: id, deletedAt: null, pausedAt: null },
      data: {
        pausedAt: new Date(),
        stoppedBecause: 'Its department was archived.',
        version: { increment: 1 },
      },
    })
    await tx.department.update({ where: { id }, data: { archivedAt: new Date() } })
    await audit.within(tx, { object: { kind: 'department', id, name: department.name, departmentId: id } })
  })
}

async function findHindrances(
  tx: Transaction,
  departmentId: string,
): Promise<{ code: string; message: string }[]> {
  const here = { departmentId, disabledAt: null, deletedAt: null }
  const members = await tx.member.count({ where: { ...here, role: { not: 'guest' } } })
  const guests = await tx.member.count({ where: { ...here, role: 'guest' } })
  const signUps = await tx.signUp.count({ where: { departmentId, expiresAt: { gt: new Date() } } })
  const runs = await tx.run.count({ where: { departmentId, status: { in: ['queued', 'running'] } } })
  // The department's own tokens, those that its members share, and what is left with members who cannot sign in.
  const [row] = await tx.$queryRaw<{ tokens: bigint }[]>`
    SELECT COALESCE(sum("remaining"), 0)::bigint AS "tokens" FROM "Lot"
    JOIN "Account" ON "Account"."id" = "Lot"."accountId"
    WHERE ("expiresAt" IS NULL OR "expiresAt" > now()) AND (
      ("kind" IN ('department', 'pool') AND "holderId" = ${departmentId}::uuid)
      OR ("kind" = 'member' AND "holderId" IN (
        SELECT "id" FROM "Member" WHERE "departmentId" = ${departmentId}::uuid)))`
  const tokens = Number(row?.tokens ?? 0n) / 1_000_000
  return [
    ...(members > 0 ? [{ code: 'members', message: `It has ${members} active members.` }] : []),
    ...(guests + signUps > 0
      ? [{ code: 'guests', message: `${guests + signUps} people wait to become members.` }]
      : []),
    ...(tokens > 0
      ? [{ code: 'tokens', message: `It has ${tokens} tokens that are neither used nor expired.` }]
      : []),
    ...(runs > 0 ? [{ code: 'runs', message: `${runs} of its runs have not ended.` }] : []),
  ]
}
