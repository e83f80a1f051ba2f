/** The own account: what one may see and change of it. Only for people who are signed in, never by API key. */
import { z } from 'zod'
import { confirmPassword } from '../accounts/confirm-password.ts'
import {
  askForNewAddress,
  changePassword,
  deleteOwnAccount,
  verifyNewAddress,
} from '../accounts/own-account.ts'
import { clearRefreshCookie } from '../auth/refresh-cookie.ts'
import { isSecure } from '../auth/open-session.ts'
import { defineRoute } from '../define-route.ts'
import { describeMember, Member, NewPassword } from '../shapes/member.ts'
import { CurrentPassword, Email, Language, PersonName } from '../shapes/person.ts'
import type { Studio } from '../studio.ts'
import type { Caller } from '../auth/caller.ts'
import { Code } from './sign-ups.ts'

const tag = 'profile'

const Profile = Member.extend({
  language: Language,
  createdAt: z.iso.datetime(),
  hasPassword: z.boolean(),
  secondFactor: z
    .object({ since: z.iso.datetime(), recoveryCodesLeft: z.int() })
    .nullable()
    .meta({ description: 'Null: signing in asks for no code.' }),
}).meta({ id: 'Profile' })

async function describeProfile({ db }: Pick<Studio, 'db'>, caller: Caller): Promise<z.input<typeof Profile>> {
  const member = await db.member.findUniqueOrThrow({
    where: { id: caller.memberId },
    include: { _count: { select: { recoveryCodes: { where: { usedAt: null } } } } },
  })
  const { name, nickname, email, createdAt, totpConfirmedAt } = member
  return {
    ...describeMember(caller),
    ...{ name, nickname, email },
    language: member.language === 'ko' ? 'ko' : 'en',
    createdAt: createdAt.toISOString(),
    hasPassword: member.passwordHash !== null,
    secondFactor: totpConfirmedAt && {
      since: totpConfirmedAt.toISOString(),
      recoveryCodesLeft: member._count.recoveryCodes,
    },
  }
}

export const readProfile = defineRoute({
  operationId: 'readProfile',
  method: 'get',
  path: '/profile',
  tag,
  summary: 'Your account',
  auth: 'use-studio',
  sessionOnly: true,
  response: Profile,
  handler: ({ studio, caller }) => describeProfile(studio, caller),
})

export const changeProfile = defineRoute({
  operationId: 'changeProfile',
  method: 'put',
  path: '/profile',
  tag,
  summary: 'Change your name, nickname or language; what is not named stays',
  auth: 'use-studio',
  sessionOnly: true,
  body: z
    .object({ name: PersonName.optional(), nickname: PersonName.optional(), language: Language.optional() })
    .meta({ id: 'ProfileChange' }),
  response: Profile,
  async handler({ studio, caller, body }) {
    const given = Object.entries(body).filter(([, value]) => value !== undefined)
    await studio.db.member.update({ where: { id: caller.memberId }, data: Object.fromEntries(given) })
    return describeProfile(studio, caller)
  },
})

export const changeOwnPassword = defineRoute({
  operationId: 'changeOwnPassword',
  method: 'put',
  path: '/profile/password',
  tag,
  summary: 'Change your password; every other session ends',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ currentPassword: CurrentPassword, password: NewPassword }),
  async handler({ studio, caller, body, response }) {
    await confirmPassword(studio, caller, response, body.currentPassword)
    await changePassword(studio, caller, body.password)
  },
})

export const startEmailChange = defineRoute({
  operationId: 'startEmailChange',
  method: 'post',
  path: '/profile/email',
  tag,
  summary: 'Ask for another mail address; a code goes to it',
  description: 'The answer is the same when the address belongs to somebody else.',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ email: Email, currentPassword: CurrentPassword }),
  async handler({ studio, caller, body, response }) {
    const member = await confirmPassword(studio, caller, response, body.currentPassword)
    await askForNewAddress(studio, member, body.email)
  },
})

export const verifyEmailChange = defineRoute({
  operationId: 'verifyEmailChange',
  method: 'post',
  path: '/profile/email/verify',
  tag,
  summary: 'Show the code: the new address counts, and the old one is told',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ code: Code }),
  handler: ({ studio, caller, body }) => verifyNewAddress(studio, caller.memberId, body.code),
})

export const deleteOwnAccountRoute = defineRoute({
  operationId: 'deleteOwnAccount',
  method: 'post',
  path: '/profile/delete',
  tag,
  summary: 'Delete your account: the work stays without your name, every sign-in and key ends',
  description: 'Refused for the last super admin.',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ currentPassword: CurrentPassword }),
  async handler({ studio, caller, body, response }) {
    const member = await confirmPassword(studio, caller, response, body.currentPassword)
    await deleteOwnAccount(studio, member)
    clearRefreshCookie(response, isSecure(studio))
  },
})
