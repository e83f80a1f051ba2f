/** Setting a new password by mail. */
import { z } from 'zod'
import { askForReset, resetPassword } from '../accounts/password-resets.ts'
import { defineRoute } from '../define-route.ts'
import { NewPassword } from '../shapes/member.ts'
import { IdParams } from '../shapes/page.ts'
import { Email } from '../shapes/person.ts'
import { Code } from './sign-ups.ts'

const tag = 'password-reset'

export const startPasswordReset = defineRoute({
  operationId: 'startPasswordReset',
  method: 'post',
  path: '/password-resets',
  tag,
  summary: 'Ask for a code to set a new password with',
  description: 'Every address gets the same answer; only that of an account gets a mail.',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  body: z.object({ email: Email }),
  status: 201,
  response: z.object({ id: z.uuid() }),
  handler: async ({ studio, body }) => ({ id: await askForReset(studio, body.email) }),
})

export const finishPasswordReset = defineRoute({
  operationId: 'finishPasswordReset',
  method: 'post',
  path: '/password-resets/:id',
  tag,
  summary: 'Set a new password with the code; every session ends',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  params: IdParams,
  body: z.object({ code: Code, password: NewPassword }),
  async handler({ studio, params, body, audit }) {
    const { id, loginId, departmentId } = await resetPassword(studio, params.id, body.code, body.password)
    audit.tell({ object: { kind: 'member', id, name: loginId, departmentId } })
  },
})
