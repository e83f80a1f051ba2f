/** Shuts a member out, lets them in again, or lets them go for good. */
import type { PrismaClient } from '@defect-studio/prisma'
import {
  anonymiseMember,
  endSessions,
  lockOpenDepartment,
  publishChange,
  queueMail,
  accountNews,
  mailLanguage,
  retryTransaction,
  returnTokens,
} from '@defect-studio/stores'
import type { RequestAudit } from '../audit/request-audit.ts'
import type { Caller } from '../auth/caller.ts'
import { notFound, ProblemError } from '../problem.ts'
import { lockMember } from './lock-member.ts'
import { administered, requireSomebodyElse } from './who-may.ts'

interface By {
  caller: Caller
  audit: RequestAudit
}

/** Sessions and API keys end at once and for good; schedules of the member stop themselves when they are due. */
export async function disableMember(db: PrismaClient, { caller, audit }: By, id: string): Promise<void> {
  requireSomebodyElse(caller, id, 'disables')
  await retryTransaction(db, async (tx) => {
    const member = await lockMember(tx, caller, id, { leaves: true })
    if (member.disabledAt) return
    const now = new Date()
    await tx.member.update({ where: { id }, data: { disabledAt: now } })
    const sessions = await endSessions(tx, id)
    const keys = await tx.apiKey.updateMany({
      where: { memberId: id, revokedAt: null },
      data: { revokedAt: now },
    })
    await audit.within(tx, {
      object: { kind: 'member', id, name: member.loginId, departmentId: member.departmentId },
      details: { sessionsEnded: sessions, keysRevoked: keys.count },
    })
  })
}

/** API keys that were revoked stay so. */
export async function enableMember(db: PrismaClient, { caller, audit }: By, id: string): Promise<void> {
  const found = await db.member.findFirst({ where: { AND: [administered(caller), { id, deletedAt: null }] } })
  if (!found) throw notFound('member')
  await retryTransaction(db, async (tx) => {
    const department = await lockOpenDepartment(tx, found.departmentId)
    const member = await lockMember(tx, caller, id, { leaves: false })
    if (!member.disabledAt) return
    if (department?.id !== member.departmentId)
      throw new ProblemError('member-unfit', 'The department of this member is archived.', {
        remedy: 'Move the member to another department first, or restore the department.',
      })
    await tx.member.update({ where: { id }, data: { disabledAt: null } })
    await audit.within(tx, {
      object: { kind: 'member', id, name: member.loginId, departmentId: member.departmentId },
    })
  })
}

/**
 * Nothing tells any more whose the work was; it stays with the department. Tokens that are left go back to the
 * department, and runs that are under way are asked to stop.
 */
export async function deleteMember(db: PrismaClient, { caller, audit }: By, id: string): Promise<void> {
  requireSomebodyElse(caller, id, 'deletes')
  const idem = `delete-member:${id}`
  await retryTransaction(db, async (tx) => {
    const member = await lockMember(tx, caller, id, { leaves: true })
    const returned = await returnTokens(tx, {
      idem: `${idem}:${member.departmentId}`,
      departmentId: member.departmentId,
      memberId: id,
      byMemberId: caller.memberId,
      note: 'The member was deleted.',
    })
    const stopped = await tx.run.updateMany({
      where: { ownerId: id, status: { in: ['queued', 'running'] }, cancelAskedAt: null },
      data: { cancelAskedAt: new Date() },
    })
    const language = mailLanguage(member.language)
    const letter = accountNews(language, { kind: 'deleted', name: member.name })
    const to = { name: member.name, address: member.email }
    await queueMail(tx, { key: `member-deleted-${id}`, to, language, ...letter })
    await anonymiseMember(tx, id)
    await publishChange(tx, { topic: 'tokens', departmentId: member.departmentId })
    await audit.within(tx, {
      object: { kind: 'member', id, name: member.loginId, departmentId: member.departmentId },
      details: { tokensReturned: Number(returned) / 1_000_000, runsStopped: stopped.count },
    })
  })
}
