/** Tokens as the API shows them: whole tokens and fractions, never micro-tokens. */
import { type Balance, microPerToken } from '@defect-studio/stores'
import { z } from 'zod'

export const TokenBalance = z
  .object({
    posted: z.number().meta({ description: 'Owned, held ones included.' }),
    pending: z.number().meta({ description: 'Held for work that has not ended.' }),
    available: z.number().meta({ description: 'What can be spent now.' }),
  })
  .meta({ id: 'TokenBalance' })

export const toTokens = (micro: bigint): number => Number(micro) / Number(microPerToken)

export const describeBalance = (balance: Balance): z.infer<typeof TokenBalance> => ({
  posted: toTokens(balance.posted),
  pending: toTokens(balance.pending),
  available: toTokens(balance.available),
})

/** A billion at once is surely a slip of the hand. */
export const TokenAmount = z.int().min(1).max(1_000_000_000)

export const TokenTransfer = z
  .object({
    id: z.uuid(),
    kind: z.enum(['issue', 'distribute', 'hold', 'capture', 'release', 'expire', 'revoke', 'refund']),
    direction: z.enum(['in', 'out']),
    amount: z.number(),
    refunds: z.uuid().nullable().meta({ description: 'For a refund: the capture that it gives back.' }),
    runId: z.uuid().nullable(),
    nodeId: z.string().nullable(),
    note: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'TokenTransfer' })

export const TokenHolder = z
  .object({
    id: z.uuid(),
    name: z.string(),
    loginId: z.string(),
    disabled: z.boolean(),
    balance: TokenBalance,
  })
  .meta({ id: 'TokenHolder' })
