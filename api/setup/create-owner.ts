/** Makes the first member once, whoever asks at the same time, and gives them the first tokens. */
import { type Ledger, microPerToken } from '@defect-studio/stores'
import { z } from 'zod'
import { hashPassword } from '../auth/passwords.ts'
import { type Member, LoginId, NewPassword } from '../shapes/member.ts'
import type { StudioWorld } from '../studio.ts'

const firstTokens = 10_000n * microPerToken

export const NewOwner = z.object({
  loginId: LoginId,
  password: NewPassword,
  email: z.email().max(255).toLowerCase(),
  name: z.string().trim().min(1).max(100),
  nickname: z.string().trim().min(1).max(100).optional(),
  departmentName: z.string().trim().min(1).max(100).optional(),
})
export type NewOwner = z.infer<typeof NewOwner>

/** Any fixed number: everybody who makes the first member takes the lock of this name. */
const setupLock = 7_261_001

/** @returns the owner, or null when the studio has members already. Safe to call again after a crash. */
export async function createOwner(
  { db, ledger }: Pick<StudioWorld, 'db' | 'ledger'>,
  owner: NewOwner,
): Promise<z.infer<typeof Member> | null> {
  // Spares the hashing when there is nothing to do; the answer that counts comes under the lock.
  if ((await db.member.count()) > 0) return null
  const passwordHash = await hashPassword(owner.password)
  const made = await db.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${setupLock})`
    if ((await transaction.member.count()) > 0) return null
    return transaction.member.create({
      data: {
        loginId: owner.loginId,
        email: owner.email,
        name: owner.name,
        nickname: owner.nickname ?? owner.name,
        passwordHash,
        role: 'super_admin',
        department: { create: { name: owner.departmentName ?? 'My department' } },
      },
      include: { department: true },
    })
  })
  if (!made) return null
  await giveFirstTokens({ db, ledger })
  return { ...made, departmentName: made.department.name }
}

const issueKey = 'setup:issue:'
const distributeKey = 'setup:distribute:'

/**
 * Issues the first tokens to the owner's department and gives them to the owner, as ordinary transfers. Called at
 * every start as well: their keys make them happen once, also when the process died between the two. Whoever was
 * given them stays the one, even if that member moves to another department or leaves.
 */
export async function giveFirstTokens({ db, ledger }: Pick<StudioWorld, 'db' | 'ledger'>): Promise<void> {
  const issued = await db.transfer.findFirst({ where: { idem: { startsWith: issueKey } } })
  if (issued) {
    const memberId = issued.idem.slice(issueKey.length)
    if (await db.transfer.findUnique({ where: { idem: distributeKey + memberId } })) return
    const { holderId } = await db.account.findUniqueOrThrow({ where: { id: issued.creditAccountId } })
    if (holderId !== null) await distributeFirst(ledger, { departmentId: holderId, memberId })
    return
  }
  const owner = await db.member.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
  if (!owner) return
  const { id: memberId, departmentId } = owner
  const idem = issueKey + memberId
  const order = { idem, amount: firstTokens, departmentId, byMemberId: memberId }
  await ledger.issue({ ...order, expiresAt: null, note: 'First visit' })
  await distributeFirst(ledger, { departmentId, memberId })
}

/** The key of the transfer that gave the first tokens, or null while they are not given. */
export async function findFirstGift({ db }: Pick<StudioWorld, 'db'>): Promise<string | null> {
  const given = await db.transfer.findFirst({ where: { idem: { startsWith: distributeKey } } })
  return given?.idem ?? null
}

async function distributeFirst(
  ledger: Ledger,
  { departmentId, memberId }: { departmentId: string; memberId: string },
): Promise<void> {
  const idem = distributeKey + memberId
  await ledger.distribute({ idem, amount: firstTokens, departmentId, memberId, byMemberId: memberId })
}
