/** Turning the second factor on and off. Each change asks for the password; turning it on also for a code of the app. */
import { forgetAttempts, forgetSecondFactor } from '@defect-studio/stores'
import { z } from 'zod'
import { confirmPassword } from '../accounts/confirm-password.ts'
import { tellMember } from '../accounts/own-account.ts'
import { createTotpSecret, takeTotpCode, writeRecoveryCodes } from '../auth/second-factor.ts'
import { waitTurn } from '../auth/wait-turn.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import { CurrentPassword } from '../shapes/person.ts'
import { Code } from './sign-ups.ts'

const tag = 'second-factor'

const RecoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).meta({ description: 'Shown this once; each works once.' }) })
  .meta({ id: 'RecoveryCodes' })

export const prepareSecondFactor = defineRoute({
  operationId: 'prepareSecondFactor',
  method: 'post',
  path: '/profile/second-factor',
  tag,
  summary: 'Make a secret for an authenticator app; it counts once a code of the app has confirmed it',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ currentPassword: CurrentPassword }),
  response: z.object({
    secret: z.string().meta({ description: 'Base 32, to be typed into the app.' }),
    uri: z.string().meta({ description: '`otpauth://…`, to be shown as a QR code.' }),
  }),
  async handler({ studio, caller, body, response }) {
    const member = await confirmPassword(studio, caller, response, body.currentPassword)
    if (member.totpConfirmedAt) throw alreadyOn()
    const { sealed, secret, uri } = createTotpSecret(studio.config, member.loginId)
    const { count } = await studio.db.member.updateMany({
      where: { id: member.id, totpConfirmedAt: null },
      data: { totpSecret: sealed, totpLastStep: null },
    })
    if (count === 0) throw alreadyOn()
    return { secret, uri }
  },
})

export const confirmSecondFactor = defineRoute({
  operationId: 'confirmSecondFactor',
  method: 'post',
  path: '/profile/second-factor/confirm',
  tag,
  summary: 'Turn the second factor on with a code of the app; answers the recovery codes',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ code: Code }),
  response: RecoveryCodes,
  async handler({ studio, caller, body, response }) {
    const what = ['second-step', caller.memberId]
    await waitTurn(studio, response, what)
    const member = await studio.db.member.findUniqueOrThrow({ where: { id: caller.memberId } })
    if (member.totpConfirmedAt) throw alreadyOn()
    if (!(await takeTotpCode(studio, member, body.code)))
      throw new ProblemError('wrong-code', 'The code is not the one that the app shows now.', {
        remedy: 'Look whether the clock of the phone is right, and try the next code.',
      })
    await forgetAttempts(studio.db, what)
    const recoveryCodes = await studio.db.$transaction(async (tx) => {
      const now = new Date()
      const { count } = await tx.member.updateMany({
        where: { id: member.id, totpSecret: member.totpSecret, totpConfirmedAt: null },
        data: { totpConfirmedAt: now },
      })
      if (count === 0) throw alreadyOn()
      await tellMember(tx, member, { kind: 'second-factor-on', name: member.name }, aboutNow(member.id, now))
      return writeRecoveryCodes(tx, studio.config, member.id)
    })
    studio.mailer.wake()
    return { recoveryCodes }
  },
})

export const renewRecoveryCodes = defineRoute({
  operationId: 'renewRecoveryCodes',
  method: 'post',
  path: '/profile/second-factor/recovery-codes',
  tag,
  summary: 'Make new recovery codes; the earlier ones stop working',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ currentPassword: CurrentPassword }),
  response: RecoveryCodes,
  async handler({ studio, caller, body, response }) {
    const member = await confirmPassword(studio, caller, response, body.currentPassword)
    if (!member.totpConfirmedAt) throw notOn()
    return {
      recoveryCodes: await studio.db.$transaction((tx) => writeRecoveryCodes(tx, studio.config, member.id)),
    }
  },
})

export const turnOffSecondFactor = defineRoute({
  operationId: 'turnOffSecondFactor',
  method: 'post',
  path: '/profile/second-factor/off',
  tag,
  summary: 'Turn the second factor off',
  auth: 'use-studio',
  sessionOnly: true,
  limited: 'secrets',
  body: z.object({ currentPassword: CurrentPassword }),
  async handler({ studio, caller, body, response }) {
    const member = await confirmPassword(studio, caller, response, body.currentPassword)
    if (!member.totpConfirmedAt) throw notOn()
    await studio.db.$transaction(async (tx) => {
      await forgetSecondFactor(tx, member.id)
      const news = { kind: 'second-factor-off', name: member.name } as const
      await tellMember(tx, member, news, aboutNow(member.id, new Date()))
    })
    studio.mailer.wake()
  },
})

const aboutNow = (memberId: string, now: Date): string => `${memberId}-${now.getTime()}`

const alreadyOn = (): ProblemError =>
  new ProblemError('already-taken', 'The second factor is on already.', { remedy: 'Turn it off first.' })
const notOn = (): ProblemError =>
  new ProblemError('not-found', 'The second factor is not on.', { remedy: 'Turn it on first.' })
