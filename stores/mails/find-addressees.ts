/** Who is meant by login ids and mail addresses. Only members of the studio get mails unless the studio says otherwise. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { mailLanguage, type MailLanguage } from './mail-language.ts'

export interface Addressee {
  name: string
  address: string
  /** English for those who are no members. */
  language: MailLanguage
}

/** One mailbox, nothing more: no list, no display name. */
const mailbox = /^[^\s<>@,;:"()[\]\\]+@[^\s<>@,;:"()[\]\\]+\.[^\s<>@,;:"()[\]\\]+$/

/** The most people that one mail of a run goes to. */
export const mostAddressees = 50

/**
 * @param allowExternal whether addresses that belong to no member are taken.
 * @returns `unknown`: what is neither a member who may sign in nor an address that is allowed.
 */
export async function findAddressees(
  db: Database | Transaction,
  to: readonly string[],
  allowExternal: boolean,
): Promise<{ addressees: Addressee[]; unknown: string[] }> {
  const wanted = to.map((one) => one.toLowerCase())
  const members = await db.member.findMany({
    where: {
      disabledAt: null,
      OR: [{ loginId: { in: [...to] } }, { email: { in: wanted, mode: 'insensitive' } }],
    },
    select: { loginId: true, email: true, name: true, language: true },
  })
  const found = new Map<string, Addressee>()
  const unknown: string[] = []
  for (const one of to) {
    const member = members.find(
      ({ loginId, email }) => loginId === one || email.toLowerCase() === one.toLowerCase(),
    )
    if (member)
      found.set(member.email.toLowerCase(), {
        name: member.name,
        address: member.email,
        language: mailLanguage(member.language),
      })
    else if (allowExternal && mailbox.test(one))
      found.set(one.toLowerCase(), { name: '', address: one, language: 'en' })
    else unknown.push(one)
  }
  return { addressees: [...found.values()], unknown }
}
