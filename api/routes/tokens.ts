/** Tokens: how many there are, bringing them into being, handing them on and back. */
import { StudioError } from '@defect-studio/nodes'
import { microPerToken, publishChange, ReusedKeyError } from '@defect-studio/stores'
import { z } from 'zod'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { tellOfTokens } from '../mail/tell-tokens.ts'
import { notFound, ProblemError } from '../problem.ts'
import { describeBalance, toTokens, TokenAmount, TokenBalance } from '../shapes/tokens.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import type { Studio } from '../studio.ts'
import { ownDepartment } from '../tokens/own-department.ts'

const tag = 'tokens'

export const readBalance = defineRoute({
  operationId: 'readBalance',
  method: 'get',
  path: '/tokens/balance',
  tag,
  summary: 'Your tokens, and for administrators those of the department',
  auth: 'use-studio',
  response: z.object({ member: TokenBalance, department: TokenBalance.nullable() }),
  async handler({ studio, caller }) {
    const member = await studio.ledger.balanceOf({ kind: 'member', id: caller.memberId })
    const department = may(caller.role, 'see-department-balance')
      ? await studio.ledger.balanceOf({ kind: 'department', id: caller.departmentId })
      : null
    return { member: describeBalance(member), department: department && describeBalance(department) }
  },
})

export const issueTokens = defineRoute({
  operationId: 'issueTokens',
  method: 'post',
  path: '/tokens/issue',
  tag,
  summary: 'Bring new tokens into being for a department',
  description: 'With an Idempotency-Key header the same request counts once.',
  auth: 'issue-tokens',
  idempotent: true,
  body: z.object({
    departmentId: z.uuid().optional().meta({ description: 'Your own when left out.' }),
    amount: TokenAmount,
    expiresAt: z.iso.datetime().optional(),
    note: z.string().max(200).optional(),
  }),
  status: 201,
  response: z.object({ department: TokenBalance }),
  async handler({ studio, caller, body, request }) {
    const departmentId = body.departmentId ?? caller.departmentId
    if (body.expiresAt !== undefined && Date.parse(body.expiresAt) <= Date.now())
      throw new ProblemError('invalid-request', 'expiresAt lies in the past.', {
        remedy: 'Name a later time.',
      })
    if (!(await studio.db.department.findUnique({ where: { id: departmentId } })))
      throw notFound('department')
    await studio.ledger.issue({
      idem: `issue:${caller.memberId}:${readIdempotencyKey(request) ?? crypto.randomUUID()}`,
      departmentId,
      amount: BigInt(body.amount) * microPerToken,
      expiresAt: body.expiresAt ? new Date(body.expiresAt) : null,
      byMemberId: caller.memberId,
      ...(body.note ? { note: body.note } : {}),
    })
    return {
      department: describeBalance(await studio.ledger.balanceOf({ kind: 'department', id: departmentId })),
    }
  },
})

export const distributeTokens = defineRoute({
  operationId: 'distributeTokens',
  method: 'post',
  path: '/tokens/distribute',
  tag,
  summary: "Give a member tokens of the member's department",
  description: 'With an Idempotency-Key header the same request counts once.',
  auth: 'distribute-tokens',
  idempotent: true,
  body: z.object({ memberId: z.uuid(), amount: TokenAmount }),
  status: 201,
  response: z.object({ member: TokenBalance, department: TokenBalance }),
  async handler({ studio, caller, body, request }) {
    const member = await studio.db.member.findFirst({
      where: {
        id: body.memberId,
        disabledAt: null,
        ...ownDepartment(caller),
      },
    })
    if (!member) throw notFound('member')
    const idem = `distribute:${caller.memberId}:${readIdempotencyKey(request) ?? crypto.randomUUID()}`
    const given = await studio.ledger.distribute({
      idem,
      departmentId: member.departmentId,
      memberId: member.id,
      amount: BigInt(body.amount) * microPerToken,
      byMemberId: caller.memberId,
    })
    if (!given.ok) {
      const available = toTokens(given.available)
      throw new ProblemError(
        'insufficient-tokens',
        `The department has ${available} tokens to give; ${body.amount} were asked for.`,
        { needed: body.amount, available, remedy: 'Give fewer, or issue more to the department first.' },
      )
    }
    await tellOfTokens(studio, idem)
    await publishChange(studio.db, { topic: 'tokens', memberId: member.id })
    return balancesOf(studio, member)
  },
})

export const revokeTokens = defineRoute({
  operationId: 'revokeTokens',
  method: 'post',
  path: '/tokens/revoke',
  tag,
  summary: 'Take tokens of a member back to the department',
  description:
    'What is neither spent nor held; the tokens that last longest first. With an Idempotency-Key header the same request counts once.',
  auth: 'distribute-tokens',
  idempotent: true,
  body: z.object({ memberId: z.uuid(), amount: TokenAmount, note: z.string().max(200).optional() }),
  status: 201,
  response: z.object({ member: TokenBalance, department: TokenBalance }),
  async handler({ studio, caller, body, request }) {
    // Also of members who were disabled: their tokens should not be lost.
    const member = await studio.db.member.findFirst({
      where: { id: body.memberId, ...ownDepartment(caller) },
    })
    if (!member) throw notFound('member')
    const taken = await studio.ledger.revoke({
      idem: `revoke:${caller.memberId}:${readIdempotencyKey(request) ?? crypto.randomUUID()}`,
      departmentId: member.departmentId,
      memberId: member.id,
      amount: BigInt(body.amount) * microPerToken,
      byMemberId: caller.memberId,
      ...(body.note ? { note: body.note } : {}),
    })
    if (!taken.ok) {
      const available = toTokens(taken.available)
      throw new ProblemError(
        'insufficient-tokens',
        `The member has ${available} tokens that are neither spent nor held; ${body.amount} were asked for.`,
        { needed: body.amount, available, remedy: 'Take fewer, or wait until runs have ended.' },
      )
    }
    await publishChange(studio.db, { topic: 'tokens', memberId: member.id })
    return balancesOf(studio, member)
  },
})

export const refundTokens = defineRoute({
  operationId: 'refundTokens',
  method: 'post',
  path: '/tokens/refund',
  tag,
  summary: 'Give a member back what was charged, wholly or in part',
  description:
    'Together at most what was charged. What came from tokens that have expired meanwhile expires with them. With an Idempotency-Key header the same request counts once.',
  auth: 'distribute-tokens',
  idempotent: true,
  body: z.object({
    transferId: z.uuid().meta({ description: 'The `capture` among the transfers of the member.' }),
    amount: TokenAmount,
    note: z.string().max(200).optional(),
  }),
  status: 201,
  response: z.object({ member: TokenBalance, department: TokenBalance }),
  async handler({ studio, caller, body, request }) {
    const capture = await studio.db.transfer.findFirst({ where: { id: body.transferId, kind: 'capture' } })
    const holder = capture && (await studio.db.account.findUnique({ where: { id: capture.debitAccountId } }))
    const member =
      holder?.holderId &&
      (await studio.db.member.findFirst({ where: { id: holder.holderId, ...ownDepartment(caller) } }))
    if (!capture?.resolves || !member) throw notFound('charge')
    await studio.ledger
      .refund({
        idem: `refund:${caller.memberId}:${readIdempotencyKey(request) ?? crypto.randomUUID()}`,
        holdId: capture.resolves,
        amount: BigInt(body.amount) * microPerToken,
        byMemberId: caller.memberId,
        ...(body.note ? { note: body.note } : {}),
      })
      .catch((error: unknown) => {
        if (!(error instanceof StudioError) || error instanceof ReusedKeyError) throw error
        throw new ProblemError('invalid-request', error.message, {
          remedy: 'Give back at most what was charged and not given back before.',
        })
      })
    await publishChange(studio.db, { topic: 'tokens', memberId: member.id })
    return balancesOf(studio, member)
  },
})

export const expireTokens = defineRoute({
  operationId: 'expireTokens',
  method: 'post',
  path: '/tokens/expire',
  tag,
  summary: 'Move tokens whose time has passed out of every account now',
  description: 'The studio does so by itself every few minutes; expired tokens cannot be spent in any case.',
  auth: 'issue-tokens',
  response: z.object({ lots: z.int(), amount: z.number() }),
  async handler({ studio }) {
    const { lots, amount } = await studio.ledger.expire()
    return { lots, amount: toTokens(amount) }
  },
})

async function balancesOf({ ledger }: Studio, { id, departmentId }: { id: string; departmentId: string }) {
  return {
    member: describeBalance(await ledger.balanceOf({ kind: 'member', id })),
    department: describeBalance(await ledger.balanceOf({ kind: 'department', id: departmentId })),
  }
}
