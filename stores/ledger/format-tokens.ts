/** Writes micro-tokens as people read them. */
import { microPerToken } from './ledger.ts'

/** Exactly: 2500000 becomes "2.5". */
export function formatTokens(micro: bigint): string {
  const fraction = (micro % microPerToken).toString().padStart(6, '0').replace(/0+$/, '')
  return `${micro / microPerToken}${fraction ? `.${fraction}` : ''}`
}
