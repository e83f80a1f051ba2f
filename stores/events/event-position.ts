/** Where a reader of the events stands, as the text that it shows when it comes back. */
import { eventLogHours } from './event-log.ts'

export interface EventPosition {
  /** Everything of transactions below was given. */
  safe: bigint
  /** Milliseconds since 1970 when that was so. */
  at: number
}

/** Ten minutes less than events are kept: they are trimmed by another clock than ours. */
const longestAwayMs = eventLogHours * 60 * 60_000 - 10 * 60_000

export const writePosition = ({ safe, at }: EventPosition): string => `${safe}-${at}`

/** Null when it is no position, or one of so long ago that what came since may be gone. */
export function readPosition(text: string | undefined, now: number): EventPosition | null {
  const [, safe, at] = /^(\d{1,19})-(\d{1,15})$/.exec(text ?? '') ?? []
  if (safe === undefined || at === undefined || BigInt(safe) > 2n ** 63n - 1n) return null
  const age = now - Number(at)
  return age < longestAwayMs && age > -longestAwayMs ? { safe: BigInt(safe), at: Number(at) } : null
}
