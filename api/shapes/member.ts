/** A member as the API shows one. */
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { Role } from '../auth/permissions.ts'

export const Member = z
  .object({
    id: z.uuid(),
    loginId: z.string(),
    email: z.string(),
    name: z.string(),
    nickname: z.string(),
    role: Role,
    departmentId: z.uuid(),
    departmentName: z.string(),
  })
  .meta({ id: 'Member' })

export const describeMember = (caller: Caller): z.infer<typeof Member> => ({ id: caller.memberId, ...caller })

/** Case makes no difference, so that nobody is locked out by a phone that capitalises. */
export const LoginId = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{2,49}$/, 'A login id has 3 to 50 letters, digits, dots, dashes or @.')

/** 8 is NIST SP 800-63B's least; 200 keeps hashing cheap. What the password is made of is not prescribed. */
export const NewPassword = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(200, 'A password has at most 200 characters.')

export const SignedIn = z
  .object({
    accessToken: z.string(),
    expiresAt: z.iso.datetime(),
    member: Member,
  })
  .meta({ id: 'SignedIn', description: 'A refresh token comes beside it in an httpOnly cookie.' })

export const SecondStep = z.object({ ticket: z.string(), needs: z.literal('code') }).meta({
  id: 'SecondStep',
  description: 'The password was right; POST /auth/second-step finishes the sign-in.',
})
