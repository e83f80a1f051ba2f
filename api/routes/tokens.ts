/** Tokens: how many there are, bringing them into being, handing them on, and where they went. */
import { microPerToken } from '@defect-studio/stores'
import { z } from 'zod'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { tellOfTokens } from '../mail/tell-tokens.ts'
import { notFound, ProblemError } from '../problem.ts'
import { pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { describeBalance, toTokens, TokenAmount, TokenBalance, TokenTransfer } from '../shapes/tokens.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'

const tag = 'tokens'

export const readBalance = defineRoute({
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
  method: 'post',
  path: '/tokens/issue',
  tag,
  summary: 'Bring new tokens into being for a department',
  description: 'With an Idempotency-Key header the same request counts once.',
  auth: 'issue-tokens',
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
  method: 'post',
  path: '/tokens/distribute',
  tag,
  summary: "Give a member tokens of the member's department",
  description: 'With an Idempotency-Key header the same request counts once.',
  auth: 'distribute-tokens',
  body: z.object({ memberId: z.uuid(), amount: TokenAmount }),
  status: 201,
  response: z.object({ member: TokenBalance, department: TokenBalance }),
  async handler({ studio, caller, body, request }) {
    const member = await studio.db.member.findFirst({
      where: {
        id: body.memberId,
        disabledAt: null,
        ...(may(caller.role, 'serve-other-departments') ? {} : { departmentId: caller.departmentId }),
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
    return {
      member: describeBalance(await studio.ledger.balanceOf({ kind: 'member', id: member.id })),
      department: describeBalance(
        await studio.ledger.balanceOf({ kind: 'department', id: member.departmentId }),
      ),
    }
  },
})

export const listTransfers = defineRoute({
  method: 'get',
  path: '/tokens/transfers',
  tag,
  summary: 'Where your tokens came from and went, newest first',
  auth: 'use-studio',
  query: PageQuery,
  response: pageOf(TokenTransfer),
  async handler({ studio, caller, query }) {
    const account = await studio.db.account.findFirst({
      where: { kind: 'member', holderId: caller.memberId },
    })
    if (!account) return { items: [], nextCursor: null }
    const rows = await studio.db.transfer.findMany({
      where: { OR: [{ debitAccountId: account.id }, { creditAccountId: account.id }] },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, (row) => ({
      id: row.id,
      kind: row.kind,
      direction: row.creditAccountId === account.id ? ('in' as const) : ('out' as const),
      amount: toTokens(row.amount),
      runId: row.runId,
      nodeId: row.nodeId,
      note: row.note,
      createdAt: row.createdAt.toISOString(),
    }))
  },
})
