/** Where tokens came from and went, and who has how many. */
import type { Studio } from '../studio.ts'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { describeBalance, TokenHolder, TokenTransfer, toTokens } from '../shapes/tokens.ts'
import { ownDepartment } from '../tokens/own-department.ts'

const tag = 'tokens'

export const listHolders = defineRoute({
  operationId: 'listHolders',
  method: 'get',
  path: '/tokens/holders',
  tag,
  summary: 'The members of your department and what they have',
  auth: 'distribute-tokens',
  query: PageQuery,
  response: pageOf(TokenHolder),
  async handler({ studio, caller, query }) {
    const rows = await studio.db.member.findMany({
      where: { departmentId: caller.departmentId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    const { items, nextCursor } = toPage(rows, query.limit, (row) => row)
    const balances = await Promise.all(items.map(({ id }) => studio.ledger.balanceOf({ kind: 'member', id })))
    return {
      nextCursor,
      items: items.flatMap(({ id, name, loginId, disabledAt }, place) => {
        const balance = balances[place]
        return balance
          ? [{ id, name, loginId, disabled: disabledAt !== null, balance: describeBalance(balance) }]
          : []
      }),
    }
  },
})

const TransferQuery = PageQuery.extend({
  memberId: z.uuid().optional().meta({ description: 'For administrators: of this member.' }),
  of: z
    .enum(['member', 'department'])
    .default('member')
    .meta({ description: "For administrators: `department` gives the department's own." }),
})

export const listTransfers = defineRoute({
  operationId: 'listTransfers',
  method: 'get',
  path: '/tokens/transfers',
  tag,
  summary: 'Where tokens came from and went, newest first: your own, or those that you look after',
  auth: 'use-studio',
  query: TransferQuery,
  response: pageOf(TokenTransfer),
  async handler({ studio, caller, query }) {
    const holder = await holderOf(studio, caller, query)
    const account = await studio.db.account.findFirst({ where: { kind: holder.kind, holderId: holder.id } })
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
      refunds: row.refunds,
      runId: row.runId,
      nodeId: row.nodeId,
      note: row.note,
      createdAt: row.createdAt.toISOString(),
    }))
  },
})

/** Whose transfers are asked for; others than one's own are for administrators. */
async function holderOf(
  studio: Studio,
  caller: Caller,
  { memberId, of }: z.infer<typeof TransferQuery>,
): Promise<{ kind: 'member' | 'department'; id: string }> {
  const own = memberId === undefined || memberId === caller.memberId
  if (own && of === 'member') return { kind: 'member', id: caller.memberId }
  if (!may(caller.role, 'see-department-balance'))
    throw new ProblemError('not-allowed', 'Only administrators see the tokens of others.')
  if (of === 'department') return { kind: 'department', id: caller.departmentId }
  const member = await studio.db.member.findFirst({ where: { id: memberId ?? '', ...ownDepartment(caller) } })
  if (!member) throw notFound('member')
  return { kind: 'member', id: member.id }
}
