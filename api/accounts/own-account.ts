/** What members change about their own account; people whom it concerns are told by mail in the same transaction. */
import {
  accountCode,
  accountNews,
  type AccountNews,
  anonymiseMember,
  codeSeconds,
  endSessions,
  isLastSuperAdmin,
  issueCode,
  mailLanguage,
  queueMail,
  tryCode,
  useCode,
} from '@defect-studio/stores'
import type { Member, Transaction } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import { hashPassword } from '../auth/passwords.ts'
import { signingKey } from '../auth/signing-keys.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'
import { wrongCode } from './sign-ups.ts'

type World = Pick<Studio, 'db' | 'config' | 'mailer'>

/** Writes to the member as it was before. @param about makes the mail the only one of its kind. */
export async function tellMember(
  tx: Transaction,
  { name, email, language: stored }: Pick<Member, 'name' | 'email' | 'language'>,
  news: AccountNews,
  about: string,
): Promise<void> {
  const language = mailLanguage(stored)
  const letter = accountNews(language, news)
  await queueMail(tx, { key: `${news.kind}-${about}`, to: { name, address: email }, language, ...letter })
}

/** The session in which it was changed stays, every other one ends. */
export async function changePassword(world: World, caller: Caller, password: string): Promise<void> {
  const passwordHash = await hashPassword(password)
  const now = new Date()
  await world.db.$transaction(async (tx) => {
    const member = await tx.member.update({
      where: { id: caller.memberId },
      data: { passwordHash, passwordChangedAt: now },
    })
    await endSessions(tx, member.id, { except: caller.sessionId ?? undefined })
    await tellMember(
      tx,
      member,
      { kind: 'password-changed', name: member.name },
      `${member.id}-${now.getTime()}`,
    )
  })
  world.mailer.wake()
}

/**
 * Sends a code to the new address. Whether somebody else has it is told nobody but whoever reads its mails: the code
 * then is none, and the mail says that there is an account.
 */
export async function askForNewAddress(world: World, member: Member, email: string): Promise<void> {
  if (email === member.email)
    throw new ProblemError('invalid-request', 'This is your address already.', {
      remedy: 'Name another one.',
      problems: [{ code: 'same', field: 'email', message: 'This is your address already.' }],
    })
  await world.db.$transaction(async (tx) => {
    const isKnown = (await tx.member.count({ where: { email } })) > 0
    const key = signingKey(world.config.signingSecret, 'mail-code')
    const order = { purpose: 'change_email' as const, subjectId: member.id, email }
    const issued = await issueCode(tx, key, { ...order, isReal: !isKnown })
    if (!issued)
      throw new ProblemError('too-many-attempts', 'This address has had many codes already.', {
        remedy: 'Wait a quarter of an hour.',
        retryAfterSeconds: 900,
      })
    const language = mailLanguage(member.language)
    const { name } = member
    const { purpose } = order
    const letter = isKnown
      ? accountNews(language, { kind: 'already-member', name: '' })
      : accountCode(language, { name, purpose, code: issued.code, minutes: codeSeconds / 60 })
    await queueMail(tx, {
      key: `code-${issued.id}`,
      to: { name: isKnown ? '' : name, address: email },
      language,
      usefulForSeconds: codeSeconds,
      ...letter,
    })
  })
  world.mailer.wake()
}

/** @throws ProblemError 'wrong-code'. The old address is told of the new one. */
export async function verifyNewAddress(world: World, memberId: string, code: string): Promise<void> {
  const key = signingKey(world.config.signingSecret, 'mail-code')
  const right = await tryCode(world.db, key, { purpose: 'change_email', subjectId: memberId }, code)
  if (!right) throw wrongCode()
  await world.db.$transaction(async (tx) => {
    if (!(await useCode(tx, right.id))) throw wrongCode()
    const { email } = right
    // Somebody has signed up with it since the code was sent.
    if ((await tx.member.count({ where: { email } })) > 0) throw wrongCode()
    const before = await tx.member.findUniqueOrThrow({ where: { id: memberId } })
    await tx.member.update({ where: { id: memberId }, data: { email } })
    const news = { kind: 'email-changed', name: before.name, newAddress: email } as const
    await tellMember(tx, before, news, right.id)
  })
  world.mailer.wake()
}

/** @throws ProblemError 'last-super-admin'. */
export async function deleteOwnAccount(world: World, member: Member): Promise<void> {
  await world.db.$transaction(async (tx) => {
    if (await isLastSuperAdmin(tx, member.id))
      throw new ProblemError('last-super-admin', 'You are the last super admin.', {
        remedy: 'Make somebody else a super admin first.',
      })
    await anonymiseMember(tx, member.id)
    await tellMember(tx, member, { kind: 'deleted', name: member.name }, member.id)
  })
  world.mailer.wake()
}
