/** Tells a repeated order from another one under the same key. */
import { createHash } from 'node:crypto'
import { StudioError } from '@defect-studio/nodes'

/** SHA-256 of everything that makes two orders the same. */
export function requestHash(...parts: (string | bigint | Date | null)[]): string {
  const text = parts.map((part) => (part instanceof Date ? part.toISOString() : (part?.toString() ?? null)))
  return createHash('sha256').update(JSON.stringify(text)).digest('hex')
}

/** One key, two different orders. */
export class ReusedKeyError extends StudioError {
  constructor(key: string) {
    super(
      'invalid-input',
      `The key "${key}" was used before for another transfer. A new order needs a new key.`,
    )
    this.name = 'ReusedKeyError'
  }
}

/** @throws ReusedKeyError when the key was used for something else. */
export function checkSameRequest(idem: string, recorded: string, asked: string): void {
  if (recorded !== asked) throw new ReusedKeyError(idem)
}

/** @throws StudioError 'invalid-input' unless the amount is positive and fits PostgreSQL's BIGINT. */
export function checkAmount(amount: bigint): void {
  if (amount <= 0n || amount >= 2n ** 63n)
    throw new StudioError('invalid-input', `An amount is 1 micro-token or more, not ${amount}.`)
}
