/** A new password for somebody who shows that the address of the account is theirs. */
import { randomUUID } from 'node:crypto'
import {
  accountCode,
  accountNews,
  codeSeconds,
  endSessions,
  issueCode,
  mailLanguage,
  queueMail,
  tryCode,
  useCode,
} from '@defect-studio/stores'
import { hashPassword } from '../auth/passwords.ts'
import { signingKey } from '../auth/signing-keys.ts'
import type { Studio } from '../studio.ts'
import { wrongCode } from './sign-ups.ts'

type World = Pick<Studio, 'db' | 'config' | 'mailer'>

/**
 * Every address gets the same answer: where no account has it, a request is written down whose code nobody knows. An
 * address that has had too many codes gets no further mail, and the same answer.
 * @returns the id under which the code is to be shown.
 */
export async function askForReset(world: World, email: string): Promise<string> {
  const { db, config } = world
  const id = await db.$transaction(async (tx) => {
    const member = await tx.member.findFirst({ where: { email, disabledAt: null } })
    const key = signingKey(config.signingSecret, 'mail-code')
    const order = { purpose: 'reset_password' as const, subjectId: member?.id ?? randomUUID(), email }
    const issued = await issueCode(tx, key, { ...order, isReal: member !== null })
    if (!issued) return randomUUID()
    if (member) {
      const language = mailLanguage(member.language)
      const { purpose } = order
      await queueMail(tx, {
        key: `code-${issued.id}`,
        to: { name: member.name, address: email },
        language,
        usefulForSeconds: codeSeconds,
        ...accountCode(language, {
          name: member.name,
          purpose,
          code: issued.code,
          minutes: codeSeconds / 60,
        }),
      })
    }
    return issued.id
  })
  world.mailer.wake()
  return id
}

/** Sets the password and ends every session. @throws ProblemError 'wrong-code'. @returns whose password it was. */
export async function resetPassword(
  world: World,
  id: string,
  code: string,
  password: string,
): Promise<{ id: string; loginId: string; departmentId: string }> {
  const { db, config } = world
  const key = signingKey(config.signingSecret, 'mail-code')
  const right = await tryCode(db, key, { purpose: 'reset_password', id }, code)
  if (!right) throw wrongCode()
  const passwordHash = await hashPassword(password)
  const member = await db.$transaction(async (tx) => {
    if (!(await useCode(tx, right.id))) throw wrongCode()
    // The address may have been given up since.
    const whose = { id: right.subjectId, email: right.email, disabledAt: null }
    const [changed] = await tx.member.updateManyAndReturn({
      where: whose,
      data: { passwordHash, passwordChangedAt: new Date() },
    })
    if (!changed) throw wrongCode()
    await endSessions(tx, changed.id)
    const language = mailLanguage(changed.language)
    await queueMail(tx, {
      key: `password-changed-${right.id}`,
      to: { name: changed.name, address: changed.email },
      language,
      ...accountNews(language, { kind: 'password-changed', name: changed.name }),
    })
    return changed
  })
  world.mailer.wake()
  return member
}
