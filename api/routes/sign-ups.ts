/** Signing up: the form's facts, asking, the code, and becoming a guest who waits. */
import { readSettings } from '@defect-studio/stores'
import { z } from 'zod'
import { askForAccount, sendCodeAgain, signUpClosed, verifySignUp } from '../accounts/sign-ups.ts'
import { defineRoute } from '../define-route.ts'
import { NewPassword } from '../shapes/member.ts'
import { IdParams } from '../shapes/page.ts'
import { Email, Language, NewLoginId, PersonName } from '../shapes/person.ts'

const tag = 'sign-up'

export const Code = z.string().trim().min(1).max(20).meta({ description: 'As it stands in the mail.' })

export const readSignInOptions = defineRoute({
  operationId: 'readSignInOptions',
  method: 'get',
  path: '/sign-ups/options',
  tag,
  summary:
    'What the pages before the sign-in show: whether people may sign up, to which departments, and how else one signs in',
  auth: 'public',
  response: z
    .object({
      signUp: z.enum(['open', 'closed']),
      departments: z
        .array(z.object({ id: z.uuid(), name: z.string() }))
        .meta({ description: 'Empty while sign-up is closed.' }),
      openIdConnect: z.object({ name: z.string() }).nullable(),
    })
    .meta({ id: 'SignInOptions' }),
  async handler({ studio }) {
    const { signUp } = await readSettings(studio.db)
    const departments =
      signUp === 'closed'
        ? []
        : await studio.db.department.findMany({
            where: { archivedAt: null },
            select: { id: true, name: true },
            orderBy: { name: 'asc' },
          })
    const { oidc } = studio.config
    return { signUp, departments, openIdConnect: oidc && { name: oidc.name } }
  },
})

export const startSignUp = defineRoute({
  operationId: 'startSignUp',
  method: 'post',
  path: '/sign-ups',
  tag,
  summary: 'Ask for an account; a code goes to the address',
  description:
    'The answer is the same whether or not the address or the login id is known. An address that has an account gets a ' +
    'mail that says so; a login id that is taken is told after the address was shown.',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  body: z
    .object({
      loginId: NewLoginId,
      password: NewPassword,
      email: Email,
      name: PersonName,
      nickname: PersonName.optional(),
      departmentId: z.uuid(),
      language: Language.default('en'),
    })
    .meta({ id: 'NewSignUp' }),
  status: 201,
  response: z.object({ id: z.uuid() }),
  async handler({ studio, body }) {
    if ((await readSettings(studio.db)).signUp === 'closed') throw signUpClosed()
    return { id: await askForAccount(studio, { ...body, nickname: body.nickname ?? body.name }) }
  },
})

export const sendSignUpCode = defineRoute({
  operationId: 'sendSignUpCode',
  method: 'post',
  path: '/sign-ups/:id/code',
  tag,
  summary: 'Send another code; the one before works no more',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  params: IdParams,
  handler: ({ studio, params }) => sendCodeAgain(studio, params.id),
})

export const verifySignUpRoute = defineRoute({
  operationId: 'verifySignUp',
  method: 'post',
  path: '/sign-ups/:id/verify',
  tag,
  summary: 'Show the code: the account is there, and waits for approval',
  description:
    'A code works once, for 3 minutes and 5 tries. When the login id is taken (409) the code stays, and `loginId` names another one.',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  params: IdParams,
  body: z.object({ code: Code, loginId: NewLoginId.optional() }),
  response: z.object({ loginId: z.string() }),
  async handler({ studio, params, body, audit }) {
    const { memberId, loginId, departmentId } = await verifySignUp(studio, params.id, body.code, body.loginId)
    audit.tell({ object: { kind: 'member', id: memberId, name: loginId, departmentId } })
    return { loginId }
  },
})
